import { assertEquals } from "@std/assert";
import {
  RecordIndex,
  type SearchedRecord,
} from "../../../../src/server/search/dsl/record_index.ts";
import { parseRequest } from "../../../../src/server/search/dsl/request.ts";
import { search } from "../../../../src/server/search/dsl/search.ts";
import { finish, finishInTurns } from "../../../../src/server/search/dsl/work.ts";
import { Random } from "../../random.ts";
import { Engine, releaseMapping } from "./engine.ts";
import { sampleRecords } from "./sample_records.ts";
import { RandomRequests } from "./random_request.ts";
import { difference } from "./same_answer.ts";

const OPTIONS = { now: Date.now, indexName: "kinto-build-hub-releases" };

Deno.test("an index that records were added to, replaced in and deleted from answers as a new one", async () => {
  const random = new Random(1);
  const mapping = await releaseMapping();
  const sample = await sampleRecords(random, 400) as SearchedRecord[];
  const kept = new Map<number, SearchedRecord>();
  const index = new RecordIndex(mapping, (number) => kept.get(number));
  const put = (number: number) => {
    const record = { ...random.pick(sample), id: `record-${number}`, last_modified: number };
    kept.set(number, record);
    index.put(number, record);
  };
  for (let number = 0; number < 300; number++) put(number);
  const requests = new RandomRequests(random, sample);
  for (let round = 0; round < 20; round++) {
    for (let change = 0; change < 30; change++) {
      const number = random.below(320);
      if (random.chance(0.6)) put(number);
      else if (kept.delete(number)) index.delete(number);
    }
    const records = [...kept].sort(([a], [b]) => a - b).map(([, record]) => record);
    const fresh = new Engine(mapping, records);
    for (let asked = 0; asked < 20; asked++) {
      const body = requests.next();
      // Numbers of records are shown by this order only.
      if (JSON.stringify(body).includes("_doc")) continue;
      const expected = fresh.post(JSON.stringify(body), {});
      if (expected.status !== 200) continue;
      const actual = finish(search(index, parseRequest(JSON.stringify(body)), OPTIONS));
      assertEquals(difference(expected, { status: 200, body: actual }), undefined);
    }
  }
});

Deno.test("a column that is loaded while records change has the changes", async () => {
  const mapping = await releaseMapping();
  const records = Array.from({ length: 3000 }, (_, number): SearchedRecord => ({
    id: `record-${number}`,
    target: { channel: "beta" },
  }));
  const index = new RecordIndex(mapping, (number) => records[number]);
  for (const [number, record] of records.entries()) index.put(number, record);
  let pauses = 0;
  const change = (number: number) => {
    records[number] = { id: `record-${number}`, target: { channel: "release" } };
    index.put(number, records[number]!);
  };
  const request = parseRequest('{"query":{"term":{"target.channel":"release"}}}');
  const { hits } = await finishInTurns(search(index, request, OPTIONS), {
    now: () => performance.now(),
    turnMs: 0,
    pause: () => {
      // One that was read, one that will be, and a new one.
      if (++pauses === 2) [10, 2900, 3000].forEach(change);
      return Promise.resolve();
    },
  });
  assertEquals(hits.hits.map(({ _id }) => _id), ["record-10", "record-2900", "record-3000"]);
});
