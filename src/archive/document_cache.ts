/** Fetched documents by key; only those that were found are kept between runs. */
export interface DocumentCache {
  /** The value; null when this run found that there is none; undefined when it isn't cached. */
  get(key: string): string | null | undefined;
  /** Caches a value, or with null that there is none. */
  set(key: string, value: string | null): void;
  /** Writes the values that aren't written yet. */
  close(): void;
}

/** A cache that ends with the process. */
export class MemoryCache implements DocumentCache {
  readonly #values = new Map<string, string | null>();

  get(key: string): string | null | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: string | null): void {
    this.#values.set(key, value);
  }

  close(): void {}
}
