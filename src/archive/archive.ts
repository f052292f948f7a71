import { HttpError } from "../errors/http_error.ts";
import { type Http, readJson, readText, sleep } from "../net/http.ts";
import type { Telemetry } from "../reporting/telemetry.ts";
import { requestUrl } from "../builds/archive_url.ts";
import { type Listing, listingFrom } from "./listing.ts";

/** How an {@linkcode Archive} is reached. */
export interface ArchiveOptions {
  /** Its base, with a slash at the end: `https://archive.mozilla.org/`. */
  url: string;
  http: Http;
  /** Requests under way at once. @default {8} */
  parallelRequests?: number;
  /** Told how long each document took. @default {nobody is} */
  telemetry?: Telemetry;
  /** Requests begun in a second, at most, those that are repeated aside; 0 is any. @default {0} */
  requestsPerSecond?: number;
}

/**
 * The archive over HTTP: documents and folder listings. No more than so many requests are under way
 * at once; a 404 is an answer, `undefined`.
 */
export class Archive {
  /** The base of every URL. */
  readonly url: string;
  readonly #http: Http;
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #telemetry?: Telemetry;
  readonly #intervalMs: number;
  /** When the next request may begin, by `performance.now()`. */
  #nextAt = 0;
  #pausedUntil = 0;
  #requests = 0;

  constructor(
    { url, http, parallelRequests = 8, requestsPerSecond = 0, telemetry }: ArchiveOptions,
  ) {
    this.#telemetry = telemetry;
    this.url = url;
    this.#http = http;
    this.#free = parallelRequests;
    this.#intervalMs = requestsPerSecond === 0 ? 0 : 1000 / requestsPerSecond;
  }

  /** Begins no request for so long, as the archive asked one of them to wait. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
  }

  /** How many documents and folders have been asked for. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * A JSON document.
   *
   * @throws {ConnectionError} when it can't be had, or what is there is no JSON
   * @throws {HttpError} for refusals other than 404
   */
  json(path: string): Promise<unknown> {
    return this.#get(path, readJson);
  }

  /** A text document. Throws like {@linkcode json}. */
  text(path: string): Promise<string | undefined> {
    return this.#get(path, readText);
  }

  /** A folder; its path ends with a slash. Throws like {@linkcode json}. */
  async listing(folder: string): Promise<Listing | undefined> {
    return listingFrom(await this.json(folder));
  }

  /** Waits as long as the rate and the archive's own wishes demand. */
  async #turn(): Promise<void> {
    const at = Math.max(performance.now(), this.#nextAt);
    this.#nextAt = at + this.#intervalMs;
    for (;;) {
      const waitMs = Math.max(at, this.#pausedUntil) - performance.now();
      if (waitMs <= 0) return;
      await sleep(waitMs);
    }
  }

  async #get<T>(path: string, read: (response: Response) => Promise<T>): Promise<T | undefined> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    await this.#turn();
    this.#requests++;
    const url = requestUrl(path, this.url);
    const start = performance.now();
    let result: "found" | "missing" | "failed" = "failed";
    // The archive's front end serves stale listings otherwise.
    const headers = { accept: "application/json", "cache-control": "no-cache" };
    try {
      return await this.#http.request({ url, headers }, async (response) => {
        if (response.ok) {
          const document = await read(response);
          result = "found";
          return document;
        }
        const body = await readText(response);
        if (response.status === 404) {
          result = "missing";
          return undefined;
        }
        throw new HttpError("GET", url, response.status, response.statusText, body);
      });
    } finally {
      const seconds = (performance.now() - start) / 1000;
      this.#telemetry?.record("buildhub.document.duration", seconds, { result });
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
