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

/** Starts Kinto with Elasticsearch, and writes these records to it. */
export async function startPeer(records: object[]): Promise<Peer> {
  await using stack = new AsyncDisposableStack();
  const kinto = stack.use(
    await startKintoElasticsearch({ "kinto.batch_max_requests": String(BATCH_SIZE) }),
  );
  await oneShard(kinto);
  const to = { bucket: "build-hub", collection: "releases" };
  await load(kintoAt(kinto.url), await initialization(to));
  const path = `/buckets/${to.bucket}/collections/${to.collection}`;
  const stored: StoredRecord[] = [];
  for (let start = 0; start < records.length; start += BATCH_SIZE) {
    const requests = records.slice(start, start + BATCH_SIZE).map((record) => ({
      method: "PUT",
      path: `${path}/records/${(record as { id: string }).id}`,
      body: { data: record },
    }));
    const response = await fetch(`${kinto.url}/batch`, {
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
  const parts = stack.move();
  return {
    records: stored,
    searchUrl: `${kinto.url}${path}/search`,
    indexUrl: `${kinto.elasticsearch.url}/kinto-${to.bucket}-${to.collection}`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
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
