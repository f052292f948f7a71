/** An LRU cache: keeps the values that were used last, up to a number of them. */
export class LruCache<T> {
  readonly #values = new Map<string, T>();

  /** @param capacity the most values that are kept */
  constructor(readonly capacity: number) {}

  /** The cached value, or else what `make` returns, which is cached if `isWorth` says so. */
  get(key: string, make: () => T, isWorth: (value: T) => boolean = () => true): T {
    const known = this.#values.get(key);
    const value = known ?? make();
    if (known !== undefined) this.#values.delete(key);
    else if (!isWorth(value)) return value;
    else if (this.#values.size >= this.capacity) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    this.#values.set(key, value);
    return value;
  }

  /** Removes one value. */
  delete(key: string): void {
    this.#values.delete(key);
  }

  /** Removes all values. */
  clear(): void {
    this.#values.clear();
  }
}
