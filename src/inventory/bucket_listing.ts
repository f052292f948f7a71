import { PRODUCTS } from "../builds/products.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { Gate } from "../net/gate.ts";
import { inOrder } from "../net/in_order.ts";
import type { Log } from "../reporting/log.ts";
import { BucketCounts } from "./bucket_counts.ts";
import {
  type BucketPage,
  type BucketRange,
  compareKeys,
  folderPage,
  rangePage,
  startOf,
} from "./bucket_page.ts";
import type { BucketState } from "./bucket_state.ts";
import { FolderLines } from "./folder_lines.ts";
import type { ObjectStore } from "./object_store.ts";
import { S3Error } from "./s3_error.ts";

/** How a {@linkcode BucketListing} lists. */
export interface BucketListingOptions {
  store: ObjectStore;
  state: BucketState;
  /** As PRODUCTS names them. */
  products: readonly string[];
  /** Maximum number of requests in flight. */
  parallelRequests: number;
  log: Log;
  /** Requests everything, whatever an interrupted run has listed. @default {false} */
  isFull?: boolean;
  /** Once aborted, no more requests are made, and the lines end. */
  signal?: AbortSignal;
  /** @default {Date.now} */
  now?: () => number;
}

/**
 * Folders in a range: enough that small ones share answers, and few enough that ranges are listed
 * side by side.
 */
const FOLDERS_IN_RANGE = 16;

/** Ranges that are listed or wait for their turn, for each request in flight. */
const RANGES_AHEAD = 4;

/** A piece of the listing, in the order of the rows. */
type Piece = {
  /** The share of the whole listing that is done after it, from 0 to 1. */
  share: number;
} & ({ kind: "folder"; page: BucketPage } | { kind: "range"; range: BucketRange });

/**
 * Lists the objects of a bucket that may be builds.
 *
 * A request answers 1,000 objects, so what matters is how many objects are listed that aren't needed.
 * The upper folders are listed with a delimiter, one answer for each: so nothing of products, branches
 * and versions that are ignored is requested. Below a version or a nightly's folder nearly all is
 * needed; there a delimiter would cost a request for each of some 600 locales. So these are listed
 * whole, several next to each other in one range, and an answer that ends in a folder without builds,
 * such as `update/`, is followed by what comes after that folder.
 */
export class BucketListing {
  readonly counts = new BucketCounts();
  readonly #options: BucketListingOptions;
  readonly #gate: Gate;
  #share = 0;

  constructor(options: BucketListingOptions) {
    this.#options = options;
    const { parallelRequests: slots, signal } = options;
    this.#gate = new Gate({ slots, signal });
  }

  /** The share of the listing that is done, from 0 to 1, estimated from the folders so far. */
  get progress(): number {
    return this.#share;
  }

  /**
   * The lines of an inventory, in a fixed order: the rows of a folder come together. A part that can't
   * be listed is logged and counted. Can be called once.
   */
  async *lines(): AsyncGenerator<string> {
    const { state, signal, parallelRequests, now = Date.now, isFull } = this.#options;
    state.begin(now(), { isNew: isFull });
    const pieces = ReadableStream.from(this.#roots()).pipeThrough(
      inOrder((piece) => this.#listed(piece), {
        windowSize: RANGES_AHEAD * parallelRequests,
        mayBegin: () => !signal?.aborted,
      }),
    );
    for await (const { share, pages } of pieces) {
      if (signal?.aborted) return;
      const lines = new FolderLines();
      for (const page of pages) {
        this.counts.add(page);
        yield* lines.add(page.files);
      }
      yield* lines.end();
      this.#share = share;
    }
    if (!signal?.aborted && this.counts.failed === 0) state.end();
  }

  async *#roots(): AsyncGenerator<Piece> {
    const wanted = PRODUCTS.filter(({ key }) => this.#options.products.includes(key));
    const folders = [...new Set(wanted.map(({ folder }) => `pub/${folder}/`))].sort();
    for (const [index, folder] of folders.entries()) {
      yield* this.#pieces(folder, index / folders.length, (index + 1) / folders.length);
    }
  }

  /** The pieces of a folder, which are the share `from` to `to` of the listing. */
  async *#pieces(folder: string, from: number, to: number): AsyncGenerator<Piece> {
    const page = await this.#folder(folder);
    if (!page) return;
    const { folders } = page;
    yield { kind: "folder", page, share: folders.length > 0 ? from : to };
    const shareOf = (index: number) => from + (to - from) * index / folders.length;
    let first = 0;
    for (const [index, path] of folders.entries()) {
      if (hasManyFolders(path)) yield* this.#pieces(path, shareOf(index), shareOf(index + 1));
      const isLast = index + 1 === folders.length || hasManyFolders(folders[index + 1]!) ||
        index + 1 - first === FOLDERS_IN_RANGE;
      if (hasManyFolders(path)) first = index + 1;
      else if (isLast) {
        const range = { parent: folder, first: folders[first]!, last: path };
        yield { kind: "range", range, share: shareOf(index + 1) };
        first = index + 1;
      }
    }
  }

  /** What is right in a folder; undefined when it can't be listed. */
  async #folder(folder: string): Promise<BucketPage | undefined> {
    const { store, state } = this.#options;
    return await this.#orFailed(folder, async () => {
      const known = this.#known(folder, "");
      if (known) return known;
      let merged: BucketPage | undefined;
      for await (const answer of store.children(folder)) {
        this.counts.requests++;
        const page = folderPage(answer);
        merged = merged ? mergedPage(merged, page) : page;
      }
      if (!merged || merged.objectCount + merged.folders.length + merged.prunedFolderCount === 0) {
        throw new S3Error(store.urlOf(folder), "the bucket has nothing there");
      }
      state.put(folder, "", merged);
      return merged;
    });
  }

  /** Lists a piece, and returns what it has. */
  async #listed(piece: Piece): Promise<{ share: number; pages: Iterable<BucketPage> }> {
    const { share } = piece;
    if (piece.kind === "folder") return { share, pages: [piece.page] };
    const { range } = piece;
    await this.#orFailed(range.first, () => this.#gate.run(() => this.#request(range)));
    return { share, pages: this.#stored(range) };
  }

  /** Requests what isn't known of a range, answer by answer: each begins where the one before ends. */
  async #request(range: BucketRange): Promise<void> {
    const { store, state } = this.#options;
    const { parent, last } = range;
    for (let after: string | undefined = startOf(range); after !== undefined;) {
      let page: BucketPage | undefined = this.#known(after, last);
      if (!page) {
        const answer = await store.objectsAfter(parent, after);
        this.counts.requests++;
        page = rangePage(answer, range);
        const begin = answer.Contents?.[0]?.Key;
        if (page.objectCount === 0 && after === startOf(range)) {
          throw new S3Error(store.urlOf(range.first), "the bucket has nothing in a listed folder");
        }
        const isFollowing = (key: string) => compareKeys(key, after!) > 0;
        if (begin !== undefined && !isFollowing(begin) || page.next && !isFollowing(page.next)) {
          throw new S3Error(store.urlOf(parent), `the listing doesn't follow on ${after}`);
        }
        state.put(after, last, page);
      }
      after = page.next;
    }
  }

  /** What is known of a range: everything, unless listing it has failed. */
  *#stored(range: BucketRange): Generator<BucketPage> {
    for (let after: string | undefined = startOf(range); after !== undefined;) {
      const page = this.#options.state.get(after, range.last);
      if (!page) return;
      yield page;
      after = page.next;
    }
  }

  #known(first: string, last: string): BucketPage | undefined {
    const page = this.#options.state.get(first, last);
    if (page) this.counts.resumed++;
    return page;
  }

  /** What this work gives; undefined when it fails, which is logged and counted. */
  async #orFailed<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
    const { signal, log } = this.#options;
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) return undefined;
      this.counts.failed++;
      log.error(`${path} can't be listed: ${reasonOf(error)}`);
    }
  }
}

/**
 * Whether a folder is listed by itself, and not whole: those of products, of their kinds of builds
 * (`pub/firefox/releases/`), and of nightlies' years and months, where most branches are ignored.
 */
function hasManyFolders(folder: string): boolean {
  const [, , kind, ...rest] = folder.slice(0, -1).split("/");
  return rest.length === 0 || kind === "nightly" && rest.length < 3;
}

function mergedPage(one: BucketPage, other: BucketPage): BucketPage {
  return {
    files: [...one.files, ...other.files],
    objectCount: one.objectCount + other.objectCount,
    prunedCount: one.prunedCount + other.prunedCount,
    folders: [...one.folders, ...other.folders],
    prunedFolderCount: one.prunedFolderCount + other.prunedFolderCount,
  };
}
