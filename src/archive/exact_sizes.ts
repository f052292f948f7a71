import type { BuildMetadata } from "../builds/build_metadata.ts";
import {
  bytesOf,
  isExactSize,
  type ListedSize,
  listedSize,
  type RoundedSize,
} from "../builds/listed_size.ts";
import type { Archive } from "./archive.ts";
import type { DocumentCache } from "./document_cache.ts";
import { type FailureOptions, Failures } from "./unavailable.ts";

/** How {@linkcode ExactSizes} finds sizes. */
export interface ExactSizesOptions extends FailureOptions {
  archive: Pick<Archive, "url" | "size">;
  cache: DocumentCache;
  /** `"listed"` takes rounded sizes as they're listed, without requests. @default {"exact"} */
  sizes?: "exact" | "listed";
}

/** A file as a listing or an inventory has it. */
export interface ListedFileSize {
  /** Decoded: `pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe`. */
  path: string;
  size: ListedSize;
  /** UTC: `2017-06-02T12:20:10Z`. */
  date: string;
}

/**
 * Makes the sizes of files exact (docs/domain.md, "Sizes"): from a `buildhub.json` that names the
 * file, or else by HEAD. What HEAD answers is cached for the file with this date, and refused where it
 * contradicts the listing.
 */
export class ExactSizes {
  readonly #options: ExactSizesOptions;
  readonly #failures: Failures;
  #pending = 0;

  constructor(options: ExactSizesOptions) {
    this.#options = options;
    this.#failures = new Failures(options);
  }

  /** The number of files whose size is being requested. */
  get pending(): number {
    return this.#pending;
  }

  /** The number of files whose size couldn't be requested. */
  get failures(): number {
    return this.#failures.count;
  }

  /**
   * The size of a file in bytes.
   *
   * @param metadata of its build, which may have the size too
   * @throws {Unavailable} when it can't be requested
   * @throws what the request throws, once the signal is aborted or when `strict`
   */
  async find(file: ListedFileSize, metadata?: BuildMetadata): Promise<number> {
    const { size, path } = file;
    if (isExactSize(size) || this.#options.sizes === "listed") return bytesOf(size);
    const named = metadata?.file;
    // A document may describe a file that was replaced since: the listing tells.
    if (named?.path === path && listedSize(named.sizeBytes) === size) return named.sizeBytes;
    return await this.#requested({ ...file, size });
  }

  async #requested(
    { path, size, date }: ListedFileSize & { size: RoundedSize },
  ): Promise<number> {
    const { archive, cache } = this.#options;
    const key = `${archive.url}${path} ${size} ${date}`;
    const known = cache.get(key);
    if (typeof known === "string") return Number(known);
    this.#pending++;
    try {
      const sizeBytes = await archive.size(path, size);
      if (sizeBytes === undefined) throw new Error(`${archive.url}${path} is listed, but missing`);
      cache.set(key, String(sizeBytes));
      return sizeBytes;
    } catch (error) {
      throw this.#failures.add(error, "its exact size can't be requested");
    } finally {
      this.#pending--;
    }
  }
}
