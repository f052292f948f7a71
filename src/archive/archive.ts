import { requestUrl } from "../builds/archive_url.ts";
import { listedSize, type RoundedSize } from "../builds/listed_size.ts";
import { HttpError } from "../errors/http_error.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";
import { basicAuthorization, withoutAuthorization } from "../net/credentials.ts";
import { Gate } from "../net/gate.ts";
import type { Http } from "../net/http.ts";
import { readJson, readText } from "../net/read_body.ts";
import type { Telemetry } from "../reporting/telemetry.ts";
import { type Listing, listingFrom } from "./listing.ts";

/** The limit for a document: the largest metadata documents have less than 1 MB. */
const MAX_DOCUMENT_BYTES = 4 * 2 ** 20;

/** The limit for a listing: one of 20,000 files and 3,000 folders has 3 MB. */
const MAX_LISTING_BYTES = 64 * 2 ** 20;

/** How an {@linkcode Archive} is reached. */
export interface ArchiveOptions {
  /** Its base, with a slash at the end: `https://archive.mozilla.org/`. */
  url: string;
  http: Http;
  /** `user:password`, if it asks for one. */
  auth?: string;
  /** What every document passes through; its retries aside. @default {one with 8 slots} */
  gate?: Gate;
  /** Where the duration of each document goes. @default {nowhere} */
  telemetry?: Telemetry;
}

/** The archive over HTTP: documents and folder listings. A 404 is an answer, `undefined`. */
export class Archive {
  /** The base of every URL. */
  readonly url: string;
  readonly #http: Http;
  readonly #authorization?: string;
  readonly #gate: Gate;
  readonly #telemetry?: Telemetry;
  #requests = 0;

  constructor({ url, http, auth, gate = new Gate({ slots: 8 }), telemetry }: ArchiveOptions) {
    this.url = url;
    this.#http = http;
    this.#authorization = auth && basicAuthorization(auth);
    this.#gate = gate;
    this.#telemetry = telemetry;
  }

  /** How many documents and folders have been requested; their retries don't count. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * A JSON document; undefined when it isn't there.
   *
   * @throws {ConnectionError} when the archive can't be reached
   * @throws {UnreadableBody} when the document isn't JSON
   * @throws {BodyTooLarge} when it's far larger than such documents are
   * @throws {HttpError} for refusals other than 404
   * @throws the abort reason, once the signal of the client or the gate is aborted
   */
  json(path: string): Promise<unknown> {
    return this.#get(path, (response) => readJson(response, MAX_DOCUMENT_BYTES));
  }

  /** A text document. Throws like {@linkcode json}. */
  text(path: string): Promise<string | undefined> {
    return this.#get(path, (response) => readText(response, MAX_DOCUMENT_BYTES));
  }

  /**
   * A folder; its path ends with a slash. Throws like {@linkcode json}; a listing that can't be read
   * as a whole is no listing.
   */
  listing(folder: string): Promise<Listing | undefined> {
    return this.#get(
      folder,
      async (response) => listingFrom(await readJson(response, MAX_LISTING_BYTES), folder),
    );
  }

  /**
   * The exact size in bytes, by HEAD, of a file that is listed with a rounded one. Throws like
   * {@linkcode json}; an answer with a size that contradicts the listed one can't be read.
   */
  size(path: string, listed: RoundedSize): Promise<number | undefined> {
    return this.#get(path, (response) => sizeFrom(response, listed), "HEAD");
  }

  #get<T>(
    path: string,
    read: (response: Response) => Promise<T>,
    method: "GET" | "HEAD" = "GET",
  ): Promise<T | undefined> {
    return this.#gate.run(async () => {
      this.#requests++;
      const start = performance.now();
      let result: "found" | "missing" | "failed" = "failed";
      try {
        const document = await this.#request(method, path, read);
        result = document === undefined ? "missing" : "found";
        return document;
      } finally {
        const seconds = (performance.now() - start) / 1000;
        this.#telemetry?.record("buildhub.document.duration", seconds, { result });
      }
    });
  }

  #request<T>(
    method: "GET" | "HEAD",
    path: string,
    read: (response: Response) => Promise<T>,
  ): Promise<T | undefined> {
    const url = requestUrl(path, this.url);
    // Without "no-cache" the archive's front end serves stale listings.
    const authorization = this.#authorization;
    const headers = {
      ...authorization !== undefined && { authorization },
      accept: "application/json",
      "cache-control": "no-cache",
      // Of a compressed answer the size would be another one.
      ...method === "HEAD" && { "accept-encoding": "identity" },
    };
    return this.#http.request({ url, method, headers }, async (response) => {
      if (response.ok) return await read(response);
      const body = withoutAuthorization(await readText(response), authorization);
      if (response.status === 404) return undefined;
      throw new HttpError(method, url, response.status, response.statusText, body);
    });
  }
}

async function sizeFrom({ headers, body }: Response, listed: RoundedSize): Promise<number> {
  await body?.cancel();
  const length = headers.get("content-length");
  // A page that is answered instead has another size.
  if (length === null || listedSize(Number(length)) !== listed) {
    throw new UnreadableBody(`HEAD gives ${length ?? "no"} bytes of a file listed with ${listed}`);
  }
  return Number(length);
}
