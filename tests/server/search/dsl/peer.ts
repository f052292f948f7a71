import { initialization } from "../../../../src/kinto/initialization.ts";
import { load } from "../../../../src/kinto/load.ts";
import { kintoAt } from "../../../kinto/target.ts";
import {
  type KintoElasticsearch,
  startKintoElasticsearch,
} from "../../../servers/kinto_elasticsearch.ts";

/** A record as the server has it. */
export type StoredRecord = { id: string; last_modified: number; [field: string]: unknown };

/** A collection of releases that real Elasticsearch has, in the order of its documents. */
export interface Peer extends AsyncDisposable {
  records: StoredRecord[];
  /** Its `search` endpoint. */
  searchUrl: string;
  /** Elasticsearch's own address of the index. */
  indexUrl: string;
}

const BATCH_SIZE = 250;

const PATH = "/buckets/build-hub/collections/releases";

/** The `search` endpoint of the collection at a Kinto. @param url ends with `/v1` */
export function searchUrlOf(url: string): string {
  return `${url}${PATH}/search`;
}

/** Starts Kinto with Elasticsearch, and writes these records to it. */
export async function startPeer(records: object[]): Promise<Peer> {
  await using stack = new AsyncDisposableStack();
  const kinto = stack.use(
    await startKintoElasticsearch({ "kinto.batch_max_requests": String(BATCH_SIZE) }),
  );
  await oneShard(kinto);
  const stored = await fill(kinto.url, records);
  const parts = stack.move();
  return {
    records: stored,
    searchUrl: searchUrlOf(kinto.url),
    indexUrl: `${kinto.elasticsearch.url}/kinto-build-hub-releases`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/**
 * Creates the collection of releases at a Kinto, and writes these records to it.
 *
 * @returns the records as they are stored
 */
export async function fill(url: string, records: object[]): Promise<StoredRecord[]> {
  await load(kintoAt(url), await initialization({ bucket: "build-hub", collection: "releases" }));
  const stored: StoredRecord[] = [];
  for (let start = 0; start < records.length; start += BATCH_SIZE) {
    const requests = records.slice(start, start + BATCH_SIZE).map((record) => ({
      method: "PUT",
      path: `${PATH}/records/${(record as { id: string }).id}`,
      body: { data: record },
    }));
    const response = await fetch(`${url}/batch`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Basic ${btoa("user:pass")}` },
      body: JSON.stringify({ requests }),
    });
    const { responses } = await response.json() as {
      responses: { status: number; body: { data: StoredRecord } }[];
    };
    for (const { status, body } of responses) {
      if (status !== 201) throw new Error(`Kinto refused a record: ${JSON.stringify(body)}`);
      stored.push(body.data);
    }
  }
  return stored;
}

/**
 * Makes counts, scores and the order of equals those of the whole index: Elasticsearch has them by
 * shard, and merging its segments can change the order of documents.
 */
async function oneShard({ elasticsearch }: KintoElasticsearch): Promise<void> {
  const response = await fetch(`${elasticsearch.url}/_template/tests`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      index_patterns: ["*"],
      settings: {
        number_of_shards: 1,
        number_of_replicas: 0,
        merge: { policy: { segments_per_tier: 1000, max_merge_at_once: 1000 } },
      },
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  await response.body?.cancel();
}
