/**
 * The same requests to `serve` and to real Kinto with kinto-elasticsearch, and to the engine and
 * Elasticsearch itself: same status, total, records in order, scores, sources and aggregations.
 *
 * `SEARCH_SEED` and `SEARCH_REQUESTS` choose other requests, and more of them.
 */
import { assertEquals, assertObjectMatch } from "@std/assert";
import { Random } from "../../random.ts";
import { CLIENT_REQUESTS, QUERY_TEXTS } from "./client_requests.ts";
import { type Answer, Engine, releaseMapping } from "./engine.ts";
import { startServe } from "../../../servers/serve.ts";
import { fill, searchUrlOf, startPeer } from "./peer.ts";
import { ENDPOINT_REQUESTS, type EndpointRequest } from "./endpoint_requests.ts";
import { sampleRecords } from "./sample_records.ts";
import { RandomRequests } from "./random_request.ts";
import { difference } from "./same_answer.ts";

const SEED = Number(Deno.env.get("SEARCH_SEED") ?? 1);
const REQUESTS = Number(Deno.env.get("SEARCH_REQUESTS") ?? 3000);
const RECORDS = 2000;

/** Requests to Elasticsearch at the same time. */
const IN_FLIGHT = 4;

/**
 * Requests to `serve` and Kinto, which passes them on; the others are answered by the engine and
 * Elasticsearch itself.
 */
const SHARE_OF_KINTO = 0.2;

Deno.test("the search answers as Kinto with Elasticsearch does", async (test) => {
  const random = new Random(SEED);
  await using peer = await startPeer(await sampleRecords(random, RECORDS));
  const engine = new Engine(await releaseMapping(), peer.records);
  await using serve = await startServe({ env: { KINTO_BATCH_MAX_REQUESTS: "1000" } });
  await fill(serve.url, peer.records);
  const url = searchUrlOf(serve.url);
  const peerUrl = peer.searchUrl.replace(/(?<=\/v1)\/.*/, "");

  for (const target of [peerUrl, serve.url]) await createPrivate(target);
  for (const request of ENDPOINT_REQUESTS) {
    await test.step(request.name, async () => {
      const expected = await send(peerUrl, request);
      const actual = await send(serve.url, request);
      assertEquals(difference(expected, actual), undefined);
      // What Kinto takes for a failure of Elasticsearch isn't refused in its form.
      if (expected.status >= 400 && expected.status < 500) {
        const { code, errno, error } = expected.body as Record<string, unknown>;
        assertObjectMatch(actual.body as Record<string, unknown>, { code, errno, error });
      }
    });
  }
  await test.step("the capability", async () => {
    const capabilityAt = async (at: string) => {
      const { capabilities } = await (await fetch(`${at}/`)).json();
      return capabilities.elasticsearch;
    };
    assertEquals(await capabilityAt(serve.url), await capabilityAt(peerUrl));
  });
  for (const { client, body } of CLIENT_REQUESTS) {
    await test.step(client, async () => {
      const text = JSON.stringify(body);
      const expected = await ask(peer.searchUrl, text);
      assertEquals(expected.status, 200);
      assertEquals(difference(expected, await ask(url, text)), undefined);
    });
  }
  for (const q of QUERY_TEXTS) {
    await test.step(`?q=${q}`, async () => {
      const query = `?q=${encodeURIComponent(q)}`;
      const expected = await ask(peer.searchUrl + query);
      assertEquals(difference(expected, await ask(url + query)), undefined);
    });
  }
  await test.step(`${REQUESTS} random requests, seed ${SEED}`, async () => {
    const requests = new RandomRequests(random, peer.records);
    const pending = Array.from({ length: REQUESTS }, () => JSON.stringify(requests.next()));
    // Each server writes its own timestamp of the collection's schema into the records.
    const viaKinto = pending.map((body) =>
      random.chance(SHARE_OF_KINTO) && !body.includes('"schema"')
    );
    const differences: string[] = [];
    let answered = 0;
    const worker = async () => {
      for (let number = answered++; number < pending.length; number = answered++) {
        const body = pending[number]!;
        const [expected, actual] = viaKinto[number]
          ? [await ask(peer.searchUrl, body), await ask(url, body)]
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
function ask(url: string, body?: string): Promise<Answer> {
  return answerOf(fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json" },
    body,
  }));
}

/** Creates collections that not everybody may read. */
async function createPrivate(url: string): Promise<void> {
  const anyone = ["system.Everyone"];
  for (
    const [path, permissions] of [
      ["/buckets/private", {}],
      ["/buckets/private/collections/c", {}],
      ["/buckets/private/collections/inbox", { "record:create": anyone }],
      ["/buckets/private/collections/public", { read: anyone }],
    ] as const
  ) {
    const response = await fetch(url + path, {
      method: "PUT",
      headers: { ...authorization("alice:a"), "content-type": "application/json" },
      body: JSON.stringify({ permissions }),
    });
    assertEquals(response.status, 201, await response.text());
  }
}

function authorization(user: string): Record<string, string> {
  return { authorization: `Basic ${btoa(user)}` };
}

/** Sends a request on the endpoint to a server. */
function send(url: string, request: EndpointRequest): Promise<Answer> {
  const { method = "GET", path = "", user = "user:pass", headers = {}, body } = request;
  return answerOf(fetch(path.startsWith("/") ? url + path : searchUrlOf(url) + path, {
    method,
    headers: { ...user !== null && authorization(user), ...headers },
    body,
  }));
}

async function answerOf(responding: Promise<Response>): Promise<Answer> {
  const response = await responding;
  // HEAD and OPTIONS answer nothing of the search; an empty object is a failure of Elasticsearch.
  const answer = JSON.parse(await response.text() || "null") ?? { hits: null };
  return { status: response.status, body: { ...answer, reason: answer.message } };
}
