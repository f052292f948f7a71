import { reasonOf } from "../errors/reason_of.ts";
import type { Log } from "../reporting/log.ts";
import type { Archive } from "../archive/archive.ts";
import { CrawlCounts } from "./crawl_counts.ts";
import { assertPlausible, type CrawledFolder, crawledFolder, isEmpty } from "./crawled_folder.ts";
import type { CrawlState } from "./crawl_state.ts";
import type { RememberedFolder } from "./folder_row.ts";
import { CrawlTrail } from "./crawl_trail.ts";
import { Frontier, type FrontierNode } from "./frontier.ts";
import { PRODUCTS } from "../builds/products.ts";
import { endOfNamedTime, isNamedBefore, isSettled, isWrittenBefore } from "./settled.ts";

/** How a {@linkcode Crawl} walks. */
export interface CrawlOptions {
  archive: Archive;
  state: CrawlState;
  /** As PRODUCTS names them. */
  products: readonly string[];
  /** Maximum number of requests in flight. */
  parallelRequests: number;
  log: Log;
  /** Leaves out files modified before this date: UTC, `2017-06-02T12:20:10Z`. */
  since?: string;
  /** Requests every folder, whatever the state on disk knows. @default {false} */
  isFull?: boolean;
  /** Once aborted, no more requests are made, and the folders end. */
  signal?: AbortSignal;
  /** @default {Date.now} */
  now?: () => number;
}

/** Results that wait for a slower folder before them, at most: they take memory. */
const WAITING_FOLDERS = 2_000;
const WAITING_FILES = 50_000;

/** Deeper folders are a server's error, such as a folder that contains itself. */
const DEEPEST = 32;

/** The result of visiting a folder. */
type Visited =
  | { kind: "listed" | "remembered"; folder: RememberedFolder }
  /** It can't have changed: it comes from the state on disk, with everything in it. */
  | { kind: "settled"; folder: RememberedFolder }
  | { kind: "gone" | "old" }
  | { kind: "failed"; reason: string };

/**
 * Walks the archive's listings and yields its folders in the order of their paths, each before those
 * in it. It enters only folders that may hold builds and requests only those that may have changed
 * since an earlier crawl; the others come from the state on disk, so that the result is complete. A
 * folder that can't be listed is logged and counted, and requested again by the next crawl.
 */
export class Crawl {
  readonly counts = new CrawlCounts();
  readonly #options: CrawlOptions;
  readonly #trail: CrawlTrail;
  readonly #frontier: Frontier<Visited>;
  readonly #roots: readonly string[];
  #crawl = 0;
  #inFlight = 0;
  /** The last visited folder in the order of paths. */
  #furthest = "";
  #waitingFolders = 0;
  #waitingFiles = 0;
  #isOver = false;
  #wake = () => {};

  constructor(options: CrawlOptions) {
    this.#options = options;
    this.#trail = new CrawlTrail((path, newest) => options.state.finish(path, newest));
    const wanted = PRODUCTS.filter(({ key }) => options.products.includes(key));
    this.#roots = [...new Set(wanted.map(({ folder }) => `pub/${folder}/`))];
    this.#frontier = new Frontier(this.#roots);
  }

  /** The share of the archive that is done, from 0 to 1, estimated from the folders so far. */
  get progress(): number {
    return this.#trail.progress;
  }

  /** The folders, with their files that may be builds. Can be called once. */
  async *folders(): AsyncGenerator<Pick<CrawledFolder, "path" | "files">> {
    const { state, signal, now = Date.now, isFull } = this.#options;
    this.#crawl = state.begin(now(), { isNew: isFull });
    this.#trail.enter({ path: "", children: this.#roots });
    const wake = () => this.#wake();
    signal?.addEventListener("abort", wake);
    try {
      while (!signal?.aborted) {
        this.#visit();
        const node = this.#frontier.head;
        if (!node) {
          this.#trail.leave();
          state.end(this.#crawl, now());
          return;
        }
        if (node.content) {
          this.#frontier.shift();
          yield* this.#yielded(node.path, node.content);
        } else await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      this.#isOver = true;
      signal?.removeEventListener("abort", wake);
    }
  }

  /** Visits folders in order, as long as there is room for their results. */
  #visit(): void {
    const { parallelRequests, signal } = this.#options;
    while (!this.#isOver && !signal?.aborted && this.#inFlight < parallelRequests) {
      const node = this.#frontier.nextToVisit();
      if (!node || !this.#hasRoomFor(node)) return;
      if (node.path > this.#furthest) this.#furthest = node.path;
      const known = this.#known(node.path);
      if (known.visited) this.#receive(node, known.visited);
      else {
        node.content = null;
        this.#inFlight++;
        this.#request(node.path, known.before).then((visited) => {
          this.#inFlight--;
          if (this.#isOver) return;
          this.#receive(node, visited);
          this.#visit();
          this.#wake();
        });
      }
    }
  }

  /**
   * Whether a folder may be visited before its turn. Folders before the furthest one are due earlier
   * than what waits already, so they have twice the room.
   */
  #hasRoomFor(node: FrontierNode<Visited>): boolean {
    if (node === this.#frontier.head) return true;
    const share = node.path < this.#furthest ? 2 : 1;
    return this.#waitingFolders < share * WAITING_FOLDERS &&
      this.#waitingFiles < share * WAITING_FILES;
  }

  /** The result of a visit where no request is needed, or else what the state knows. */
  #known(path: string): { visited?: Visited; before?: RememberedFolder } {
    const { state, since, isFull } = this.#options;
    if (since !== undefined && isNamedBefore(path, since)) return { visited: { kind: "old" } };
    const before = state.get(path);
    if (!before) return {};
    if (!isFull && isSettled(before)) return { visited: { kind: "settled", folder: before } };
    if (before.crawl !== this.#crawl) return { before };
    return { visited: { kind: "remembered", folder: before } };
  }

  async #request(path: string, before: RememberedFolder | undefined): Promise<Visited> {
    const { archive, state, log, now = Date.now, isFull } = this.#options;
    try {
      if (path.split("/").length > DEEPEST) throw new Error(`more than ${DEEPEST} levels deep`);
      const listedAt = now();
      const listing = await archive.listing(path);
      if (!listing) {
        if (this.#roots.includes(path)) throw new Error("the archive has no such folder");
        return { kind: "gone" };
      }
      const crawled = crawledFolder(path, listing, (name) => {
        log.warning(`${archive.url}${path}: ${JSON.stringify(name)} is not a folder's name`);
      });
      if (!isFull) assertPlausible(crawled, before);
      // An empty folder never settles, and neither do those around it: its listing may lack something.
      const newestBelow = crawled.children.length > 0 || isEmpty(crawled)
        ? null
        : crawled.newest ?? endOfNamedTime(path) ?? sinceWithoutFiles(before, listedAt);
      const folder = { ...crawled, newestBelow, listedAt, crawl: this.#crawl };
      if (!this.#isOver) state.put(folder, before);
      return { kind: "listed", folder };
    } catch (error) {
      return { kind: "failed", reason: reasonOf(error) };
    }
  }

  #receive(node: FrontierNode<Visited>, visited: Visited): void {
    node.content = visited;
    this.#waitingFolders++;
    if (visited.kind !== "listed" && visited.kind !== "remembered") return;
    const { folder } = visited;
    this.#waitingFiles += folder.files.length;
    if (!this.#isOld(folder)) {
      this.#frontier.insert(node, folder.children.map((name) => node.path + name));
    }
  }

  /** Whether `since` leaves out the folders in a folder. */
  #isOld({ path, newest }: CrawledFolder): boolean {
    const { since } = this.#options;
    return since !== undefined && isWrittenBefore(path, newest, since);
  }

  *#yielded(path: string, visited: Visited): Generator<Pick<CrawledFolder, "path" | "files">> {
    const { counts } = this;
    const { log, archive } = this.#options;
    this.#waitingFolders--;
    this.#trail.leaveTo(path);
    switch (visited.kind) {
      case "listed":
      case "remembered": {
        const { folder } = visited;
        this.#waitingFiles -= folder.files.length;
        if (visited.kind === "listed") counts.listed++;
        else counts.unchanged++;
        const isOld = this.#isOld(folder);
        if (isOld) counts.old += folder.children.length;
        this.#trail.enter({ ...folder, isPartial: isOld || isEmpty(folder) });
        yield this.#counted(folder);
        return;
      }
      case "settled":
        yield* this.#settled(visited.folder);
        this.#trail.pass(visited.folder.newestBelow!);
        return;
      case "failed":
        counts.failed++;
        log.error(`${archive.url}${path} can't be listed: ${visited.reason}`);
        break;
      case "gone":
        counts.gone++;
        log.info(`${archive.url}${path} is gone`);
        break;
      case "old":
        counts.old++;
    }
    this.#trail.miss();
  }

  *#settled(
    { path, newestBelow }: RememberedFolder,
  ): Generator<Pick<CrawledFolder, "path" | "files">> {
    const { state, since } = this.#options;
    if (since !== undefined && newestBelow! < since) {
      this.counts.addOld(state.countUnder(path));
      return;
    }
    for (const folder of state.under(path)) {
      this.counts.unchanged++;
      yield this.#counted(folder);
    }
  }

  #counted(folder: CrawledFolder): Pick<CrawledFolder, "path" | "files"> {
    const { since } = this.#options;
    const files = since === undefined
      ? folder.files
      : folder.files.filter(({ last_modified }) => !(last_modified < since));
    this.counts.add(folder, files.length);
    return { path: folder.path, files };
  }
}

/** A folder without files dates from the first crawl that found none in it. */
function sinceWithoutFiles(before: RememberedFolder | undefined, listedAt: number): string {
  const known = before?.newest === undefined ? before?.newestBelow : undefined;
  return known ?? new Date(listedAt).toISOString();
}
