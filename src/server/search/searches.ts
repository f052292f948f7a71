import { principalsOf } from "../access/accounts.ts";
import { Permissions } from "../access/permissions.ts";
import type { Call } from "../http/call.ts";
import { denied, ERRNO, Refusal } from "../http/refusal.ts";
import type { Store } from "../store/store.ts";
import { answerText } from "./answer_text.ts";
import { CollectionIndexes, type CollectionPlace } from "./collection_indexes.ts";
import type { SearchRequest } from "./dsl/request.ts";
import { search } from "./dsl/search.ts";
import type { Work } from "./dsl/work.ts";
import { SearchRunner } from "./search_runner.ts";
import { RECORDS, type SearchView } from "./search_view.ts";

/** Bytes of a search request. 65,536 build ids, Elasticsearch's limit of a `terms` query, fit. */
const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

/** What {@linkcode Searches} does without being asked. */
export interface BackgroundSearches extends CollectionPlace {
  /** Ends the work in the background. */
  signal: AbortSignal;
  /** Called with its errors. */
  onError: (error: unknown) => void;
}

/** One search: where, and what. */
export interface SearchTask {
  place: CollectionPlace;
  view: SearchView;
  /** Shown as `_index` and `_type` of the hits. */
  indexName: string;
  request: SearchRequest;
}

/** Searches collections for clients. */
export class Searches {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #indexes: CollectionIndexes;
  readonly #runner = new SearchRunner();

  /**
   * @param now milliseconds since 1970
   * @param background the collection whose index is made now, and what keeps it up to date;
   *   without it, all is done by the next search
   */
  constructor(store: Store, now: () => number, background?: BackgroundSearches) {
    this.#store = store;
    this.#now = now;
    const inBackground = background && ((work: Work<unknown>) => {
      const { signal, onError } = background;
      this.#runner.runInBackground(work, signal).catch(onError);
    });
    this.#indexes = new CollectionIndexes(store, inBackground);
    if (background !== undefined) inBackground?.(this.#indexes.current(background, RECORDS));
  }

  /** Lets pass who may read the collection's records. @throws {Refusal} 401, 403 */
  checkPermission({ user }: Call, { bucket, collection }: CollectionPlace): void {
    const permissions = new Permissions(this.#store, principalsOf(user));
    const uri = `/buckets/${bucket}/collections/${collection}/records`;
    const place = { kind: "record", bucket, collection } as const;
    if (permissions.onList("read", place, uri) !== "all") throw denied(user);
  }

  /** The body of a search request. @throws {Refusal} 400, 413 */
  async bodyOf(call: Call): Promise<string> {
    await call.receive();
    const text = call.text();
    if (text.length <= MAX_REQUEST_BYTES) return text;
    throw new Refusal(413, ERRNO.REQUEST_TOO_LARGE, {
      message: `A search request may have ${MAX_REQUEST_BYTES} bytes.`,
    });
  }

  /**
   * The JSON of an answer.
   *
   * @throws {DslError}
   * @throws {SearchUnavailable}
   */
  answer({ signal }: Call, task: SearchTask): Promise<string> {
    return this.#runner.run(this.#search(task), signal);
  }

  *#search({ place, view, request, indexName }: SearchTask): Work<string> {
    const index = yield* this.#indexes.current(place, view);
    return yield* answerText(yield* search(index, request, { now: this.#now, indexName }));
  }
}
