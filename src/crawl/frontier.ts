/** A folder of the walk: to visit, requested, or with the result of its visit. */
export interface FrontierNode<Content> {
  readonly path: string;
  next?: FrontierNode<Content>;
  /** Undefined until it's visited, `null` while its request is in flight, then the result. */
  content?: Content | null;
}

/**
 * The queue of a walk: folders in the order of their paths, each before those in it. It holds only
 * folders in flight, results that wait for their turn, and siblings still to visit, however large
 * the archive is.
 */
export class Frontier<Content> {
  #head?: FrontierNode<Content>;
  /** All nodes before it are visited. */
  #cursor?: FrontierNode<Content>;

  constructor(paths: readonly string[]) {
    this.#head = this.#cursor = chain<Content>(paths);
  }

  /** The folder whose result is due next. */
  get head(): FrontierNode<Content> | undefined {
    return this.#head;
  }

  /** The first folder that isn't visited yet. */
  nextToVisit(): FrontierNode<Content> | undefined {
    while (this.#cursor && this.#cursor.content !== undefined) this.#cursor = this.#cursor.next;
    return this.#cursor;
  }

  /** Inserts the folders in a folder right behind it. */
  insert(node: FrontierNode<Content>, paths: readonly string[]): void {
    const first = chain<Content>(paths, node.next);
    if (!first || first === node.next) return;
    node.next = first;
    if (!this.#cursor || first.path < this.#cursor.path) this.#cursor = first;
  }

  /** Removes the head. */
  shift(): void {
    if (this.#cursor === this.#head) this.#cursor = this.#head?.next;
    this.#head = this.#head?.next;
  }
}

function chain<Content>(
  paths: readonly string[],
  end?: FrontierNode<Content>,
): FrontierNode<Content> | undefined {
  return paths.toSorted().reduceRight<FrontierNode<Content> | undefined>(
    (next, path) => ({ path, next }),
    end,
  );
}
