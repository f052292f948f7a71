/** Hostile requests, by seed: each is refused as Kinto would, and nothing changes. */
import { assertEquals } from "@std/assert";
import { startServe } from "../servers/serve.ts";
import { Random } from "./random.ts";

const REQUESTS = 4000;

const NASTY = [
  ...[
    "'",
    '"',
    "';DROP TABLE objects;--",
    "1 OR 1=1",
    "\\",
    "%",
    "%00",
    "%ff",
    "%zz",
    "..",
    "%2e%2e",
  ],
  ...["../../etc/passwd", "%2F", "//", "<script>", "{}", "[]", "null", "NaN", "1e999", "-0", "🦊"],
  ...[
    "system.Everyone",
    "__proto__",
    "constructor",
    "a".repeat(3000),
    "*".repeat(50),
    "\u202e",
    "%0a",
  ],
  ...["${1}", "{{1}}", "sort_key(data)", '"target.version"', "json_each(?)", "9".repeat(400)],
];

const PARAMETERS = [
  ...[
    "_since",
    "_before",
    "_to",
    "_limit",
    "_sort",
    "_token",
    "_fields",
    "id",
    "last_modified",
    "a.b",
  ],
  ...["in_id", "in_last_modified", "exclude_a", "like_a", "like_id", "like_last_modified", "has_a"],
  ...[
    "min_last_modified",
    "lt_target.version",
    "not_id",
    "contains_a",
    "contains_any_a",
    "deleted",
  ],
  ...["target.version", "gt_build.id", "like_target.version", "in_target.version", ""],
];

const BODIES = [
  ...[
    "",
    "{",
    "}",
    "[",
    "nul",
    '"',
    "\u0000",
    "[]",
    "1",
    "null",
    '{"data":1}',
    '{"data":{"n":1',
    "\ufeff{}",
  ],
  ...['{"requests":', '{"requests":[{"path":null}]}', '{"requests":[{"path":"/%ff"}]}'],
  ...['{"requests":[{"path":"/v1/../x","method":"DELETE"}]}', '{"defaults":[],"requests":[]}'],
  ...['{"requests":[{"path":"/buckets/b?_since=x","method":"DELETE"}]}', "[".repeat(50_000)],
  ...[
    '{"data":{"schema":{"$async":true}}}',
    '{"data":{"id":{}}}',
    '{"data":{"last_modified":1e300}}',
  ],
  ...['{"data":{"last_modified":9007199254740993}}', '{"permissions":{"__proto__":["x"]}}'],
  ...[
    '{"data":{"id":"x"},"permissions":{"write":[null]}}',
    '{"data":{"n":1e999}}',
    "x".repeat(10_000),
  ],
];

Deno.test(`serve survives ${REQUESTS} hostile requests`, async () => {
  await using serve = await startServe();
  const { hostname, port } = new URL(serve.url);
  await prepare(serve.url);
  const before = await contents(serve.url);
  const random = new Random(7);
  const statuses = new Map<number, number>();
  for (let number = 0; number < REQUESTS; number++) {
    const request = hostileRequest(random);
    const { status, body } = await exchange(hostname, Number(port), request);
    const label = `${number}: ${request.slice(0, 300)}\n${status} ${body.slice(0, 300)}`;
    if (status >= 500 || status === 0 || status === 201) throw new Error(label);
    // What the HTTP layer itself refuses has no body.
    if (status >= 400 && body !== "") assertEquals(JSON.parse(body).code, status, label);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assertEquals(await contents(serve.url), before);
  assertEquals(serve.logs.filter((line) => line.startsWith("error")), []);
  for (const status of [200, 400, 401, 404, 405]) {
    if (!statuses.has(status)) throw new Error(`no request was answered ${status}`);
  }
});

async function prepare(url: string): Promise<void> {
  const send = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "PUT",
      headers: { authorization: `Basic ${btoa("alice:a")}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assertEquals(response.status, 201, await response.text());
  };
  await send("/buckets/b", { permissions: { read: ["system.Everyone"] } });
  await send("/buckets/b/collections/c", {});
  for (const id of ["one", "two", "three"]) {
    await send(`/buckets/b/collections/c/records/${id}`, { data: { target: { version: id } } });
  }
}

/** All that is stored. */
async function contents(url: string): Promise<string[]> {
  const paths = ["/buckets", "/buckets/b/collections", "/buckets/b/collections/c/records"];
  return await Promise.all(paths.map(async (path) => {
    const headers = { authorization: `Basic ${btoa("alice:a")}` };
    return await (await fetch(url + path, { headers })).text();
  }));
}

/** Reads by anyone, and writes by who may not, or that are wrong in themselves. */
function hostileRequest(random: Random): string {
  const nasty = () => random.pick(NASTY).replaceAll(" ", "%20");
  const path = random.pick([
    () => `/v1/buckets/${nasty()}`,
    () => `/v1/buckets/b/collections/${nasty()}`,
    () => `/v1/buckets/b/collections/c/records/${nasty()}`,
    () => `/v1/buckets/b/collections/${nasty()}/records/${nasty()}`,
    () => `/v1/buckets/b/collections/c/records?${parameter(random)}&${parameter(random)}`,
    () => `/v1/buckets/b/collections?${parameter(random)}`,
    () => `/v1/buckets?${parameter(random)}&${parameter(random)}`,
    () => `/v1/buckets/b/../b/collections/c/records/one`,
    () => `/v1/buckets/b/%2e%2e/b`,
    () => `/${nasty()}`,
    () => `/v1/${nasty()}`,
  ])();
  const method = random.pick([
    "GET",
    "GET",
    "GET",
    "HEAD",
    "PUT",
    "PATCH",
    "POST",
    "DELETE",
    "OPTIONS",
  ]);
  const headers = [
    "Host: localhost",
    "Connection: close",
    ...random.chance(0.3)
      ? [`If-Match: ${random.pick(["x", '"x"', "''", '"99999999999999999999"'])}`]
      : [],
    ...random.chance(0.2) ? [`Authorization: ${random.pick(WRONG_AUTHORIZATIONS)}`] : [],
    ...random.chance(0.1) ? [`Accept: ${random.pick(["text/html", ";;;", "*/*;q=0"])}`] : [],
    ...random.chance(0.1) ? ["Content-Type: text/plain"] : ["Content-Type: application/json"],
  ];
  // The batch is for everyone; its parts are refused one by one.
  if (random.chance(0.15)) return withBody("POST", "/v1/batch", headers, random.pick(BODIES));
  if (method === "GET" || method === "HEAD") return withBody(method, path, headers, "");
  // By an account with all permissions, but always wrong: a body that is none.
  if (random.chance(0.3) && method !== "DELETE" && method !== "OPTIONS") {
    const own = [
      ...headers.filter((name) => !name.startsWith("Auth")),
      `Authorization: Basic ${btoa("alice:a")}`,
    ];
    return withBody(method, path, own, random.pick(["{", "[]", "1", '{"data":[]}', '{"x":1}']));
  }
  return withBody(method, path, headers, random.pick(BODIES));
}

const WRONG_AUTHORIZATIONS = [
  ...[
    "Basic",
    "Basic !!!",
    `Basic ${btoa("alice")}`,
    `Basic ${btoa("alice:")}`,
    `Basic ${btoa(":")}`,
  ],
  ...[
    `Basic ${btoa("alice:b")}`,
    `Basic ${btoa("alice:a:a")}`,
    "Bearer x",
    `Basic ${btoa("é:\xff")}`,
  ],
];

function parameter(random: Random): string {
  return `${random.pick(PARAMETERS)}=${random.pick(NASTY).replaceAll(" ", "%20")}`;
}

function withBody(method: string, path: string, headers: string[], body: string): string {
  const length = new TextEncoder().encode(body).length;
  return `${method} ${encodeBeyondAscii(path)} HTTP/1.1\r\n${headers.join("\r\n")}\r\n` +
    `Content-Length: ${length}\r\n\r\n${body}`;
}

function encodeBeyondAscii(path: string): string {
  return path.replace(/[^\x21-\x7e]+/gu, (found) => encodeURIComponent(found));
}

/** Sends bytes as they are: `fetch` would tidy up the path. */
async function exchange(
  hostname: string,
  port: number,
  request: string,
): Promise<{ status: number; body: string }> {
  using connection = await Deno.connect({ hostname, port });
  const writer = connection.writable.getWriter();
  // A server that refuses early may close before it has read everything.
  await writer.write(new TextEncoder().encode(request)).catch(() => {});
  const text = await new Response(connection.readable).text();
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
  const end = text.indexOf("\r\n\r\n");
  const [head, body] = [text.slice(0, end), text.slice(end + 4)];
  return { status, body: /transfer-encoding: chunked/i.test(head) ? unchunked(body) : body };
}

function unchunked(text: string): string {
  return text.replace(/^[0-9a-f]+\r\n([^]*?)\r\n0\r\n\r\n$/, "$1");
}
