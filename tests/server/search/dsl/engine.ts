import { initialization } from "../../../../src/kinto/initialization.ts";
import { DslError } from "../../../../src/server/search/dsl/dsl_error.ts";
import type { Json } from "../../../../src/server/search/dsl/json.ts";
import { type Mapping, mappingOf } from "../../../../src/server/search/dsl/mapping.ts";
import {
  RecordIndex,
  type SearchedRecord,
} from "../../../../src/server/search/dsl/record_index.ts";
import {
  parseRequest,
  requestByText,
  type SearchRequest,
  type SizeOptions,
} from "../../../../src/server/search/dsl/request.ts";
import { search } from "../../../../src/server/search/dsl/search.ts";
import { finish } from "../../../../src/server/search/dsl/work.ts";

/** Kinto's sizes: kinto-elasticsearch gives no more than a page of its own. */
const KINTO_SIZES: SizeOptions = { defaultSize: 10_000, maxSize: 10_000 };

/** What is answered, by Elasticsearch or by the engine. */
export interface Answer {
  status: number;
  body: unknown;
}

/** The mapping of the collection that this project publishes. */
export async function releaseMapping(): Promise<Mapping> {
  const [, { data }] = await initialization({ bucket: "b", collection: "c" });
  return mappingOf((data as Record<string, Json>)["index:schema"]);
}

/** The engine over some records. */
export class Engine {
  readonly index: RecordIndex;

  constructor(mapping: Mapping, readonly records: readonly SearchedRecord[]) {
    this.index = new RecordIndex(mapping, (number) => records[number]!);
    for (const [number, record] of records.entries()) this.index.put(number, record);
  }

  /** Answers `POST …/search`. */
  post(body: string, sizes: SizeOptions = KINTO_SIZES): Answer {
    return this.#answer(() => parseRequest(body, sizes));
  }

  /** Answers `GET …/search?q=`. */
  get(q: string): Answer {
    return this.#answer(() => requestByText(q, KINTO_SIZES));
  }

  #answer(request: () => SearchRequest): Answer {
    try {
      const indexName = "kinto-build-hub-releases";
      const body = finish(search(this.index, request(), { now: Date.now, indexName }));
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof DslError)) throw error;
      return { status: error.status, body: { type: error.type, reason: error.reason } };
    }
  }
}
