/** Remembers what was used last, up to a number of things. */
export class LeastRecent<T> {
  readonly #known = new Map<string, T>();

  constructor(readonly most: number) {}

  /** What is known by this name, or else what `make` gives; that is kept if it's worth it. */
  get(name: string, make: () => T, isWorth: (value: T) => boolean = () => true): T {
    const known = this.#known.get(name);
    const value = known ?? make();
    if (known !== undefined) this.#known.delete(name);
    else if (!isWorth(value)) return value;
    else if (this.#known.size >= this.most) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(name, value);
    return value;
  }

  /** Forgets all. */
  clear(): void {
    this.#known.clear();
  }
}
