/**
 * The same requests to the engine and to real Kinto with kinto-elasticsearch and Elasticsearch:
 * same status, total, records in order, scores, sources and aggregations.
 *
 * `SEARCH_SEED` and `SEARCH_REQUESTS` choose other requests, and more of them.
 */
import { assertEquals } from "@std/assert";
import { Random } from "../../random.ts";
import { CLIENT_REQUESTS, QUERY_TEXTS } from "./client_requests.ts";
import { type Answer, Engine, releaseMapping } from "./engine.ts";
import { startPeer } from "./peer.ts";
import { sampleRecords } from "./sample_records.ts";
import { RandomRequests } from "./random_request.ts";
import { difference } from "./same_answer.ts";

const SEED = Number(Deno.env.get("SEARCH_SEED") ?? 1);
const REQUESTS = Number(Deno.env.get("SEARCH_REQUESTS") ?? 3000);
const RECORDS = 2000;

/** Requests to Elasticsearch at the same time. */
const IN_FLIGHT = 4;

/** Requests that are sent to Kinto, which passes them on; the others go to Elasticsearch itself. */
const SHARE_OF_KINTO = 0.2;

Deno.test("the engine answers as Kinto with Elasticsearch does", async (test) => {
  const random = new Random(SEED);
  await using peer = await startPeer(await sampleRecords(random, RECORDS));
  const engine = new Engine(await releaseMapping(), peer.records);

  for (const { client, body } of CLIENT_REQUESTS) {
    await test.step(client, async () => {
      const text = JSON.stringify(body);
      const expected = await ask(peer.searchUrl, text);
      assertEquals(expected.status, 200);
      assertEquals(difference(expected, engine.post(text)), undefined);
    });
  }
  for (const q of QUERY_TEXTS) {
    await test.step(`?q=${q}`, async () => {
      const expected = await ask(`${peer.searchUrl}?q=${encodeURIComponent(q)}`);
      assertEquals(difference(expected, engine.get(q)), undefined);
    });
  }
  await test.step(`${REQUESTS} random requests, seed ${SEED}`, async () => {
    const requests = new RandomRequests(random, peer.records);
    const pending = Array.from({ length: REQUESTS }, () => JSON.stringify(requests.next()));
    const viaKinto = pending.map(() => random.chance(SHARE_OF_KINTO));
    const differences: string[] = [];
    let answered = 0;
    const worker = async () => {
      for (let number = answered++; number < pending.length; number = answered++) {
        const body = pending[number]!;
        const [expected, actual] = viaKinto[number]
          ? [await ask(peer.searchUrl, body), engine.post(body)]
          : [await ask(`${peer.indexUrl}/_search`, body), engine.post(body, {})];
        const found = difference(expected, actual);
        if (found !== undefined) differences.push(`${body}\n  ${found}`);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    assertEquals(differences, []);
  });
});

/** Sends a POST with a body, or a GET. */
async function ask(url: string, body?: string): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return { status: response.status, body: await response.json() };
}
