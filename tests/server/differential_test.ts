/**
 * The same seeded requests to `serve` and to real Kinto: same status, same body, same headers.
 *
 * What the two can't share is mapped: user ids, timestamps (numbered within each answer, so that
 * equal ones stay equal), generated ids, page tokens, the JSON parser's words, the order of
 * principals. Records' own permissions are left out, since `serve` has none.
 */
import { assertEquals } from "@std/assert";
import { startKinto } from "../servers/kinto.ts";
import { startServe } from "../servers/serve.ts";
import { Random } from "./random.ts";

const SCHEMA = {
  type: "object",
  properties: {
    name: { type: "string", pattern: "^[a-z]" },
    size: { type: "integer", minimum: 0 },
    kind: { type: "string", enum: ["a", "b"] },
    target: {
      type: "object",
      properties: { version: { type: "string" }, channel: { type: "string" } },
      required: ["version"],
      additionalProperties: false,
    },
  },
  required: ["name"],
  additionalProperties: false,
};

/** A request; `@…` in it stands for a timestamp that each server has given. */
interface Sent {
  user: "alice" | "bob" | "nobody";
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Timestamps of the two servers for the same moment, by the list that they belong to. */
type Moments = Map<string, [kinto: string, serve: string][]>;

const SEEDS = [{ seed: 1 }, { seed: 2 }, { seed: 3 }];
const REQUESTS = 1500;

Deno.test.each(SEEDS)(
  "serve answers as Kinto does, seed $seed",
  async ({ seed }) => {
    await using kinto = await startKinto({ settings: { "kinto.paginate_by": "4" } });
    await using serve = await startServe({
      env: { KINTO_PAGINATE_BY: "4", KINTO_BATCH_MAX_REQUESTS: "25" },
    });
    const random = new Random(seed);
    const moments: Moments = new Map();
    const next: Record<string, [string, string]> = {};
    const users = await userIds(kinto.url);
    const statuses = new Map<number, number>();
    for (let number = 0; number < REQUESTS; number++) {
      const sent = number < 8 ? opening(number) : anyRequest(random, true);
      const chosen = chooseMoment(random, sent.path, moments);
      const page = next[sent.path.split("?")[0] as string];
      const follow = sent.method === "GET" && page !== undefined && random.chance(0.5);
      const [expected, actual] = await Promise.all(
        [kinto, serve].map(async ({ url }, side) => {
          const moment = chosen?.[side] ?? "1500000000000";
          const path = follow ? new URL(page[side] as string) : undefined;
          const target = path ? `${url}${path.pathname.slice(3)}${path.search}` : url + sent.path;
          return await send(target, sent, moment, side === 0 ? users : undefined);
        }),
      ) as [Answer, Answer];
      const label = `${number}: ${sent.user} ${sent.method} ${sent.path} ${sent.body ?? ""} ` +
        JSON.stringify(sent.headers);
      statuses.set(expected.status, (statuses.get(expected.status) ?? 0) + 1);
      const list = listOf(sent.path);
      // Kinto fails at some filters of values that don't compare; that is no answer to be equal to.
      if (expected.status === 500) {
        const isRead = sent.method === "GET" || sent.method === "HEAD";
        assertEquals([isRead, actual.status < 500], [true, true], label);
        continue;
      }
      assertEquals(actual.shown, expected.shown, label);
      if (expected.etag && actual.etag) {
        moments.set(list, [...moments.get(list) ?? [], [expected.etag, actual.etag]]);
      }
      const bare = sent.path.split("?")[0] as string;
      if (expected.nextPage && actual.nextPage) next[bare] = [expected.nextPage, actual.nextPage];
      else delete next[bare];
    }
    // The sequence is worth something only if it covers everything.
    for (const status of [200, 201, 304, 400, 401, 403, 404, 405, 406, 412, 415]) {
      if (!statuses.has(status)) throw new Error(`no request was answered ${status}`);
    }
  },
);

/** Kinto's user ids, by the ones that `serve` gives. */
async function userIds(url: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const name of ["alice", "bob"]) {
    const response = await fetch(`${url}/`, { headers: authorization(name) });
    ids.set(`account:${name}`, (await response.json()).user.id);
  }
  return ids;
}

/** Creates buckets, and collections that bob may write, or read, or neither. */
function opening(number: number): Sent {
  const put = (path: string, body: unknown) => ({
    user: "alice" as const,
    method: "PUT",
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [
    put("/buckets/one", { permissions: { read: ["system.Everyone"] } }),
    put("/buckets/two", { permissions: { "collection:create": ["account:bob"] } }),
    put("/buckets/one/collections/strict", collectionBody("strict")),
    put("/buckets/one/collections/loose", collectionBody("loose")),
    put("/buckets/two/collections/loose", collectionBody("private")),
    ...["a", "b", "c"].map((id) =>
      put(`/buckets/one/collections/strict/records/${id}`, { data: { name: id } })
    ),
  ][number] as Sent;
}

function collectionBody(kind: string): unknown {
  if (kind === "strict") {
    return { data: { schema: SCHEMA }, permissions: { write: ["account:bob"] } };
  }
  return kind === "loose" ? { data: { title: "loose" } } : { permissions: {} };
}

function anyRequest(random: Random, mayBeBatch: boolean): Sent {
  const user = random.pick(["alice", "alice", "alice", "bob", "nobody"] as const);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (mayBeBatch && random.chance(0.1)) {
    const requests = Array.from({ length: 1 + random.below(5) }, () => {
      const { method, path, headers, body } = recordRequest(random, true);
      const { "content-type": _, accept: __, ...rest } = headers;
      const fallback = method === "POST" ? { data: { id: "a" } } : undefined;
      const parsed = body === undefined ? undefined : parsedObject(body) ?? fallback;
      return { method, path, headers: rest, ...parsed ? { body: parsed } : {} };
    });
    return { user, method: "POST", path: "/batch", headers, body: JSON.stringify({ requests }) };
  }
  if (random.chance(0.75)) return { ...recordRequest(random), user };
  return { user, ...otherRequest(random, headers) };
}

function parsedObject(text: string): unknown {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function otherRequest(random: Random, headers: Record<string, string>): Omit<Sent, "user"> {
  const kind = random.pick(["strict", "loose", "private"]);
  const path = kind === "private" ? "/buckets/two/collections/loose" : {
    strict: "/buckets/one/collections/strict",
    loose: "/buckets/one/collections/loose",
  }[kind as "strict" | "loose"];
  const body = JSON.stringify(collectionBody(kind));
  return random.pick<Omit<Sent, "user">>([
    { method: "GET", path: "/buckets", headers },
    { method: "HEAD", path: "/buckets", headers },
    { method: "GET", path: "/buckets/one", headers: conditional(random, headers) },
    { method: "GET", path: "/buckets/two", headers },
    { method: "GET", path: "/buckets/missing", headers },
    { method: "DELETE", path: "/buckets/missing", headers },
    { method: "PATCH", path: "/buckets/missing", headers, body: '{"data":{"a":1}}' },
    { method: "GET", path: "/buckets/one/collections", headers },
    { method: "GET", path: "/buckets/two/collections", headers },
    { method: "HEAD", path: "/buckets/two/collections", headers },
    { method: "GET", path: "/buckets/one/groups", headers },
    { method: "GET", path: "/buckets/one/groups/none", headers },
    { method: "GET", path, headers: conditional(random, headers) },
    { method: "PATCH", path, headers, body: `{"data":{"title":"${random.below(3)}"}}` },
    { method: "PATCH", path: "/buckets/one", headers, body: '{"data":{"title":"b"}}' },
    { method: "PUT", path, headers: conditional(random, headers), body },
    random.chance(0.2)
      ? { method: "DELETE", path, headers: conditional(random, headers) }
      : { method: "PUT", path, headers, body },
    {
      method: "PUT",
      path: "/buckets/one/collections/wrong",
      headers,
      body: random.pick([
        '{"data":{"schema":"x"}}',
        '{"permissions":{"fly":["alice"]}}',
        '{"permissions":{"read":"alice"}}',
        '{"permissions":{"read":[1]}}',
        '{"data":[]}',
        '{"more":1}',
      ]),
    },
    { method: "POST", path: "/buckets", headers, body: '{"data":{"id":"one"}}' },
    { method: "POST", path: "/buckets/one/collections", headers, body: '{"data":{"id":"!"}}' },
    { method: "GET", path: "/missing", headers },
    { method: "GET", path: "/__lbheartbeat__", headers },
    { method: "POST", path: "/__heartbeat__", headers },
    { method: "GET", path: "/batch", headers },
    { method: "POST", path: "/batch", headers, body: random.pick(WRONG_BATCHES) },
  ]);
}

const WRONG_BATCHES = [
  "{}",
  '{"requests":5}',
  '{"requests":[5]}',
  '{"requests":[{"path":"x"}]}',
  '{"requests":[{"path":"/x","method":"FLY"}]}',
  '{"requests":[{"path":"/x","body":[]}]}',
  '{"requests":[{"path":"/batch"}]}',
  '{"requests":[{"method":"GET"}]}',
  '{"requests":[{"path":"/","headers":{"a":1}}]}',
  '{"requests":[],"more":[]}',
  `{"requests":[${Array(26).fill('{"path":"/"}').join()}]}`,
  '{"defaults":{"path":"/buckets/one","headers":{"x":"y"}},"requests":[{"method":"GET"},{}]}',
];

function recordRequest(random: Random, isSafe = false): Sent {
  const collection = random.pick([
    "/buckets/one/collections/strict",
    "/buckets/one/collections/strict",
    "/buckets/one/collections/loose",
    "/buckets/two/collections/loose",
    "/buckets/one/collections/missing",
    "/buckets/one/collections/!",
  ]);
  const records = `${collection}/records`;
  const id = random.chance(0.05) ? random.pick(["_", "a%20b", "a.b"]) : random.pick([..."abcdefg"]);
  const headers = conditional(random, {
    "content-type": random.chance(0.03) ? "text/plain" : "application/json",
    ...random.chance(0.03) ? { accept: "text/html" } : {},
  });
  const common = { user: "alice" as const, headers };
  const method = random.pick([
    ...["GET", "GET", "GET", "LIST", "LIST", "LIST", "LIST", "HEAD", "COUNT"],
    ...["PUT", "PUT", "PUT", "PUT", "PATCH", "PATCH", "POST", "DELETE", "CLEAR", "WRONG"],
  ]);
  switch (method) {
    case "LIST":
      return {
        ...common,
        method: "GET",
        path: `${records}?${isSafe ? random.pick(SAFE) : query(random)}`,
      };
    case "COUNT":
      return {
        ...common,
        method: "HEAD",
        path: `${records}?${isSafe ? random.pick(SAFE) : query(random)}`,
      };
    case "CLEAR":
      return { ...common, method: "DELETE", path: `${records}?${random.pick(SAFE)}` };
    case "POST":
      return { ...common, method, path: records, body: withId(body(random, id), id) };
    case "WRONG":
      return random.chance(0.5)
        ? { ...common, method: "PUT", path: records, body: body(random, id) }
        : { ...common, method: "POST", path: `${records}/${id}`, body: body(random, id) };
    case "PUT":
      return { ...common, method, path: `${records}/${id}`, body: body(random, id) };
    case "PATCH": {
      const behavior = random.pick(["full", "light", "diff", "wrong"]);
      return {
        ...common,
        method,
        path: `${records}/${id}`,
        headers: { ...headers, ...random.chance(0.4) ? { "Response-Behavior": behavior } : {} },
        body: body(random, id),
      };
    }
    default:
      return {
        ...common,
        method,
        path: `${records}/${id}${random.chance(0.1) ? "?_fields=name,target.version" : ""}`,
      };
  }
}

/** Never a body that makes a server choose an id: those of the two would sort differently. */
function withId(text: string, id: string): string {
  const body = parsedObject(text) as { data?: Record<string, unknown> } | undefined;
  if (body === undefined && text !== "") return text;
  return JSON.stringify({ ...body, data: { ...body?.data, id } });
}

function conditional(random: Random, headers: Record<string, string>): Record<string, string> {
  const value = random.pick(['"@"', '"@"', '"@"', "*", '"1"', "wrong"]);
  if (random.chance(0.1)) return { ...headers, "If-Match": value };
  return random.chance(0.1) ? { ...headers, "If-None-Match": value } : headers;
}

function body(random: Random, id: string): string {
  if (random.chance(0.1)) {
    return random.pick([
      ...["", "{", "[]", "1", '"a"', "null", "{}", '{"data":{}}', '{"data":null}', '{"data":5}'],
      ...[
        '{"more":1}',
        '{"data":{"extra":1}}',
        '{"data":{"name":"a"},"permissions":{"fly":[]}}',
        '{"permissions":[]}',
      ],
      ...[`{"data":{"id":"other","name":"a"}}`, '{"data":{"name":"a","last_modified":"x"}}'],
    ]);
  }
  const data: Record<string, unknown> = {};
  if (random.chance(0.9)) data.name = random.pick(["a", "b", "B", "it's", 5, null]);
  if (random.chance(0.5)) data.size = random.pick([0, 1, 2, 10, -1, "1", true, 1.5]);
  if (random.chance(0.3)) data.kind = random.pick(["a", "b", "c", null]);
  if (random.chance(0.4)) {
    data.target = random.pick<unknown>([
      { version: "57.0" },
      { version: "57.0", channel: "beta" },
      { version: "9", channel: "nightly" },
      { channel: "beta" },
      { version: 57 },
      { version: "1", more: 1, less: 2 },
      {},
      "x",
    ]);
  }
  if (random.chance(0.05)) data.extra = random.pick([[1, 2], { deep: { er: 1 } }, "é😀"]);
  if (random.chance(0.05)) data.last_modified = 1 + random.below(1_000_000_000);
  if (random.chance(0.3)) data.id = id;
  return JSON.stringify({ data });
}

/** Filters with which Kinto never fails: for requests that change something. */
const SAFE = ["name=a", "size=1", "kind=b", "has_target=true", "in_id=a,b", "_since=@", "id=c"];

const VALUES = [
  ...[
    "a",
    "b",
    "B",
    "1",
    "2",
    "1.5",
    '"1"',
    '"57.0"',
    "57.0",
    "true",
    "null",
    "beta",
    '"beta"',
    "",
    "x,y",
  ],
];

function filter(random: Random): string {
  const field = random.pick([
    ...["name", "name", "size", "size", "kind", "target.version", "target.channel", "target"],
    ...["missing", "missing.deep"],
  ]);
  const value = encodeURIComponent(random.pick(VALUES));
  const prefix = random.pick([
    "",
    "",
    "min_",
    "max_",
    "lt_",
    "gt_",
    "not_",
    "eq_",
    "in_",
    "exclude_",
  ]);
  return random.pick([
    ...Array(8).fill(`${prefix}${field}=${value}`),
    `has_${field}=${random.pick(["true", "false", "0", "x"])}`,
    `like_name=${random.pick(["a", "*a", "b*", "5", "*", "é"])}`,
    `id=${random.pick(["a", "b", "12", '"a"'])}`,
    `in_id=${random.pick(["a,b", "c", "1,2", ""])}`,
    `not_id=a`,
    `min_id=c`,
    "_since=@",
    "_since=%22@%22",
    "_before=@",
    "_since=x",
    "_since=",
    "_since=99999999999999",
    "gt_last_modified=@",
    "max_last_modified=@",
    "last_modified=@",
    "last_modified=x",
    "deleted=true",
  ]);
}

function query(random: Random): string {
  const parts: string[] = [];
  if (random.chance(0.6)) parts.push(filter(random));
  // Kinto in memory forgets the filters before a `has_`.
  if (random.chance(0.2) && !parts[0]?.startsWith("has_")) {
    const other = filter(random);
    if (!other.startsWith("has_")) parts.push(other);
  }
  if (random.chance(0.4)) {
    const sorts = ["name", "-name", "size", "-size,name", "target.version", "id", "-id"];
    const times = ["last_modified", "-last_modified", "size,-last_modified", "target", "!!", ""];
    parts.push(`_sort=${random.pick([...sorts, ...times])}`);
  }
  if (random.chance(0.5)) {
    parts.push(`_limit=${random.pick(["1", "2", "3", "100", "0", "-1", "x", "1.5", '"2"', ""])}`);
  }
  if (random.chance(0.1)) {
    parts.push(`_fields=${random.pick(["name", "target.version", "", "a.b"])}`);
  }
  if (random.chance(0.05)) parts.push(`_token=${random.pick(["x", "123", "e30=", "bnVsbA=="])}`);
  return parts.join("&");
}

function chooseMoment(
  random: Random,
  path: string,
  moments: Moments,
): [kinto: string, serve: string] | undefined {
  const known = moments.get(listOf(path)) ?? [];
  return known.length > 0 ? random.pick(known.slice(-6)) : undefined;
}

/** The list that a path is about: its own, or that of the object. */
function listOf(path: string): string {
  const parts = (path.split("?")[0] as string).split("/");
  return (parts.length % 2 === 1 ? parts.slice(0, -1) : parts).join("/");
}

function authorization(user: string): Record<string, string> {
  return user === "nobody" ? {} : { authorization: `Basic ${btoa(`${user}:${user[0]}`)}` };
}

interface Answer {
  status: number;
  etag?: string;
  nextPage?: string;
  /** What is compared. */
  shown: unknown;
}

async function send(
  url: string,
  sent: Sent,
  moment: string,
  users: Map<string, string> | undefined,
): Promise<Answer> {
  const mapped = (text: string) => {
    let result = text.replaceAll("@", moment);
    for (const [ours, theirs] of users ?? []) result = result.replaceAll(ours, theirs);
    return result;
  };
  const headers = Object.fromEntries(
    Object.entries({ ...authorization(sent.user), ...sent.headers })
      .map(([name, value]) => [name, mapped(value)]),
  );
  const response = await fetch(mapped(url), {
    method: sent.method,
    headers,
    body: sent.body === undefined ? undefined : mapped(sent.body),
    redirect: "manual",
  });
  let text = await response.text();
  for (const [ours, theirs] of users ?? []) text = text.replaceAll(theirs, ours);
  const etag = response.headers.get("etag") ?? undefined;
  const isRecord = /\/records\b/.test(url);
  const numbers = new Map<string, string>();
  const number = (timestamp: string) => {
    if (!numbers.has(timestamp)) numbers.set(timestamp, `T${numbers.size}`);
    return numbers.get(timestamp);
  };
  const shownHeaders = headersOf(response.headers, number);
  return {
    status: response.status,
    etag: etag?.replaceAll('"', ""),
    nextPage: response.headers.get("next-page") ?? undefined,
    shown: {
      status: response.status,
      headers: shownHeaders,
      body: text === "" ? "" : normal(JSON.parse(text), isRecord, number),
    },
  };
}

const COMPARED_HEADERS = [
  ...["etag", "last-modified", "next-page", "total-records", "total-objects", "location", "allow"],
  ...["content-type", "cache-control", "www-authenticate", "backoff", "retry-after", "alert"],
];

function headersOf(headers: Headers, number: (timestamp: string) => string | undefined): unknown {
  const shown: Record<string, string | undefined> = {};
  for (const name of COMPARED_HEADERS) {
    const value = headers.get(name) ?? undefined;
    if (value === undefined) continue;
    if (name === "etag") shown[name] = value.replace(/\d{13}/, (found) => number(found) ?? "");
    else if (name === "last-modified") shown[name] = /^\w{3}, .* GMT$/.test(value) ? "date" : value;
    else if (name === "next-page") shown[name] = pageOf(value);
    else if (name === "allow") shown[name] = value.split(", ").sort().join();
    else shown[name] = value;
  }
  return shown;
}

/** The next page's address, as far as the two can be equal. */
function pageOf(value: string): string {
  const { pathname, searchParams } = new URL(value);
  return `${pathname} ${
    [...searchParams].map(([name, value]) =>
      name === "_token" ? name : `${name}=${value.replace(/\d{13}/, "@")}`
    ).sort().join()
  }`;
}

/** A body with sorted keys, without what the two can't share. */
function normal(
  value: unknown,
  isRecord: boolean,
  number: (timestamp: string) => string | undefined,
  key = "",
): unknown {
  if (typeof value === "string") {
    return value.replace(/Invalid JSON: .*/, "Invalid JSON")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/, "UUID")
      .replace(/"?\b1\d{12}\b"?/g, "@")
      .replace(/(?<=should be one of ).*/, "…");
  }
  if (typeof value === "number") return value > 1e12 ? number(String(value)) : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => normal(item, isRecord, number));
    return key === "write" || key === "read" ? items.sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (typeof object.path === "string" && "status" in object && "headers" in object) {
    return partOf(object);
  }
  return Object.fromEntries(
    Object.entries(object)
      .filter(([name]) => !(name === "permissions" && isRecord))
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([name, item]) => [name, normal(item, isRecord, number, name)]),
  );
}

/** A part of a batch: with its own timestamps. */
function partOf({ path, status, headers, body }: Record<string, unknown>): unknown {
  const numbers = new Map<string, string>();
  const number = (timestamp: string) => {
    if (!numbers.has(timestamp)) numbers.set(timestamp, `T${numbers.size}`);
    return numbers.get(timestamp);
  };
  return {
    path,
    status,
    headers: headersOf(new Headers(headers as Record<string, string>), number),
    body: normal(body, /\/records\b/.test(String(path)), number),
  };
}
