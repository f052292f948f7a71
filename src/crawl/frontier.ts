/** A folder on its way: not asked for, asked for, or with something to hand on. */
export interface FrontierNode<Content> {
  readonly path: string;
  next?: FrontierNode<Content>;
  /** Undefined until it's visited; a promise's place is kept by `null`. */
  content?: Content | null;
}

/**
 * Folders in the order in which their rows come out, each before those in it: the order of their
 * paths. Only what is being asked for, or has come and waits for its turn, and the siblings still to
 * visit are held, however large the archive is.
 */
export class Frontier<Content> {
  #head?: FrontierNode<Content>;
  /** No node before it is still to be visited. */
  #cursor?: FrontierNode<Content>;

  constructor(paths: readonly string[]) {
    this.#head = this.#cursor = chain<Content>(paths);
  }

  /** The folder whose turn it is. */
  get head(): FrontierNode<Content> | undefined {
    return this.#head;
  }

  /** The first folder that isn't visited yet. */
  nextToVisit(): FrontierNode<Content> | undefined {
    while (this.#cursor && this.#cursor.content !== undefined) this.#cursor = this.#cursor.next;
    return this.#cursor;
  }

  /** Puts the folders of a folder behind it. */
  insert(node: FrontierNode<Content>, paths: readonly string[]): void {
    const first = chain<Content>(paths, node.next);
    if (!first || first === node.next) return;
    node.next = first;
    if (!this.#cursor || first.path < this.#cursor.path) this.#cursor = first;
  }

  /** Takes the head away. */
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
