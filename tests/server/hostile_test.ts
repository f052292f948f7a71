/** What anybody can send to `serve`: it holds up nobody, and takes little memory. */
import { assert, assertEquals } from "@std/assert";
import { RECORDS, startWatched, type Watched } from "./hostile.ts";

interface Row {
  name: string;
  /** Returns the statuses of the answers. */
  send: (url: string) => Promise<number[]>;
  /** One of these is each answer's. */
  expected: number[];
}

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

function get(path: string, method = "GET", copies = 1): Row["send"] {
  return (url) =>
    Promise.all(Array.from({ length: copies }, () => statusOf(url + path, { method })));
}

function batch(body: unknown, copies = 1): Row["send"] {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": "application/json" };
  return (url) =>
    Promise.all(Array.from(
      { length: copies },
      () => statusOf(`${url}/batch`, { method: "POST", headers, body: text }),
    ));
}

const repeated = (count: number, text: (index: number) => string, separator = "&") =>
  Array.from({ length: count }, (_, index) => text(index)).join(separator);
const lists = (count: number) => Array.from({ length: count }, () => ({ path: RECORDS }));

const ROWS: Row[] = [
  {
    name: "a batch whose path has 50,000 parameters",
    send: batch({ requests: [{ path: `${RECORDS}?${repeated(50_000, (i) => `a${i}=1`)}` }] }),
    expected: [400],
  },
  {
    name: "a batch path of 100,000 slashes",
    send: batch({ requests: [{ path: `/${"/".repeat(100_000)}` }] }),
    expected: [400],
  },
  {
    name: "a batch path of 8,000 slashes and a letter",
    send: batch({ requests: [{ path: `/${"/".repeat(8000)}a` }] }),
    expected: [200],
  },
  {
    name: "batches inside a batch, multiplied by defaults",
    send: batch({
      defaults: {
        method: "POST",
        path: "/%62atch",
        body: { requests: Array.from({ length: 100 }, () => ({ path: RECORDS })) },
      },
      requests: Array.from({ length: 200 }, () => ({})),
    }),
    expected: [400],
  },
  {
    name: "large defaults",
    send: batch({
      defaults: { headers: { a: "x".repeat(1_000_000) } },
      requests: Array.from({ length: 200 }, () => ({ path: "/" })),
    }),
    expected: [400],
  },
  {
    name: "60 filters on unindexed fields",
    send: get(`${RECORDS}?${repeated(60, (i) => `not_f${i}=1`)}`, "HEAD"),
    expected: [400],
  },
  {
    name: "20 filters on unindexed fields",
    send: get(`${RECORDS}?${repeated(20, (i) => `not_f${i}=1`)}`, "HEAD", 10),
    expected: [200, 503],
  },
  {
    name: "filters that compare indexed fields",
    send: get(`${RECORDS}?like_target.version=*a*b*c*d*&exclude_target.locale=x`, "HEAD", 10),
    expected: [200],
  },
  {
    name: "_fields 2,500 times",
    send: get(`${RECORDS}?_limit=100&${repeated(2500, () => "_fields=target.version")}`),
    expected: [414],
  },
  {
    name: "_sort by 60 unindexed fields",
    send: get(`${RECORDS}?_limit=10&_sort=${repeated(60, (i) => `f${i}`, ",")}`),
    expected: [400],
  },
  {
    name: "_sort by 5 unindexed fields",
    send: get(`${RECORDS}?_limit=10&_sort=${repeated(5, (i) => `f${i}`, ",")}`, "GET", 10),
    expected: [200, 503],
  },
  {
    name: "60 kB of query",
    send: get(`${RECORDS}?a=${"x".repeat(60_000)}`),
    expected: [414],
  },
  { name: "60 kB of path", send: get(`/${"x".repeat(60_000)}`), expected: [414] },
  {
    name: "a field of 4,000 parts",
    send: get(`${RECORDS}?${repeated(4000, () => "a", ".")}=1`),
    expected: [400],
  },
  { name: "a batch of 200 whole lists", send: batch({ requests: lists(200) }), expected: [400] },
  {
    name: "a batch of 200 whole lists that writes",
    send: batch({ requests: [{ method: "PUT", path: "/buckets/x" }, ...lists(199)] }),
    expected: [400],
  },
  {
    name: "a batch of 100 scans",
    send: batch({
      requests: Array.from({ length: 100 }, () => ({ path: `${RECORDS}?not_x=1&_limit=1` })),
    }),
    expected: [200, 503],
  },
  {
    name: "a batch of 100 scans that writes",
    send: batch({
      requests: [
        { method: "PUT", path: "/buckets/x" },
        ...Array.from({ length: 100 }, () => ({ path: `${RECORDS}?x=1&_limit=1` })),
      ],
    }),
    expected: [503],
  },
  {
    name: "a body of 4,000,000 values",
    send: batch(`[${repeated(4e6, () => "1", ",")}]`),
    expected: [400],
  },
  {
    name: "a body of 1,000,000 levels",
    send: batch(`${"[".repeat(1e6)}${"]".repeat(1e6)}`),
    expected: [400],
  },
  {
    name: "a batch of 200,000 levels",
    send: batch(`{"requests":${"[".repeat(200_000)}${"]".repeat(200_000)}}`),
    expected: [400],
  },
];

/** One server for all tests: it takes some seconds to fill. */
const watched = { started: undefined as Promise<Watched> | undefined };

Deno.test.beforeAll(() => {
  watched.started = startWatched();
});
Deno.test.afterAll(async () => {
  await (await watched.started)?.[Symbol.asyncDispose]();
});

Deno.test.each(ROWS)("serve answers others during $name", async ({ send, expected }) => {
  const { serve, watch } = await watched.started!;
  const { result, longestMs, memoryBytes } = await watch(() => send(serve.url));
  console.log(
    `${Math.round(longestMs)} ms, ${Math.round(memoryBytes / 2 ** 20)} MiB`,
    result.join(),
  );
  assert(result.every((status) => expected.includes(status)), String(result));
  assertEquals(serve.logs.filter((line) => /^\s+at /.test(line)), []);
});
