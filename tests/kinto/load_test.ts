import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseDescription } from "../../src/kinto/description.ts";
import { initialization } from "../../src/kinto/initialization.ts";
import { load, type LoadOptions } from "../../src/kinto/load.ts";
import { everyFault, startFaultProxy } from "../servers/fault_proxy.ts";
import { type Kinto as KintoServer, startKinto } from "../servers/kinto.ts";
import { python, PYTHON_PACKAGES, run } from "../servers/python.ts";
import { kintoAt, record, recordsOf } from "./target.ts";

let server: KintoServer;
Deno.test.beforeAll(async () => {
  server = await startKinto();
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
Deno.test.beforeEach(async () => {
  await (await fetch(`${server.url}/__flush__`, { method: "POST" })).body?.cancel();
});

const EXAMPLE = `
buckets:
  shop:
    data: {title: Shop}
    permissions:
      read: [system.Everyone]
      group:create: ["basicauth:a", "basicauth:b"]
    groups:
      editors:
        data: {members: ["basicauth:a"]}
    collections:
      fruit:
        data: {sort: name, index: {b: 1, a: [1, 2]}}
        permissions: {write: [/buckets/shop/groups/editors]}
        records:
          apple: {data: {price: 1}, permissions: {read: ["basicauth:b"]}}
          pear: {data: {price: 2}}
      empty:
`;

async function loaded(yaml: string, options: LoadOptions = {}) {
  const changes: string[] = [];
  const onChange = (summary: string) => changes.push(summary);
  const objects = await parseDescription(yaml);
  const result = await load(kintoAt(server.url), objects, { ...options, onChange });
  assertEquals(result.described, result.created + result.changed + result.unchanged);
  return { ...result, changes };
}

Deno.test("load() creates everything, and finds nothing to do when run again", async () => {
  const first = await loaded(EXAMPLE);
  assertEquals(first.changes, [
    "create bucket shop",
    "create group shop/editors",
    "create collection shop/fruit",
    "create record shop/fruit/apple",
    "create record shop/fruit/pear",
    "create collection shop/empty",
  ]);
  const second = await loaded(EXAMPLE);
  assertEquals([second.unchanged, second.changes], [6, []]);
});

Deno.test("load() understands a file without its root", async () => {
  await loaded(EXAMPLE);
  const legacy = EXAMPLE.replace("buckets:\n", "").replace(/^ {2}/gm, "");
  assertEquals((await loaded(legacy)).unchanged, 6);
});

Deno.test.each([
  {
    name: "data",
    from: "price: 2",
    to: "price: 3",
    changes: ["change record shop/fruit/pear (data.price)"],
  },
  {
    name: "nested data",
    from: "a: [1, 2]",
    to: "a: [2, 1]",
    changes: ["change collection shop/fruit (data.index)"],
  },
  {
    name: "a permission",
    from: "read: [system.Everyone]",
    to: "read: [system.Authenticated]",
    changes: ["change bucket shop (permissions.read)"],
  },
  {
    name: "a permission that is taken back",
    from: 'read: ["basicauth:b"]',
    to: "read: []",
    changes: ["change record shop/fruit/apple (permissions.read)"],
  },
  {
    name: "a group's members",
    from: 'members: ["basicauth:a"]',
    to: 'members: ["basicauth:b"]',
    changes: ["change group shop/editors (data.members)"],
  },
  {
    name: "nothing but the order of principals",
    from: '"basicauth:a", "basicauth:b"',
    to: '"basicauth:b", "basicauth:a"',
    changes: [],
  },
  {
    name: "nothing but the order of members",
    from: "{b: 1, a: [1, 2]}",
    to: "{a: [1, 2], b: 1}",
    changes: [],
  },
])("load() finds what differs: $name", async ({ from, to, changes }) => {
  await loaded(EXAMPLE);
  const edited = EXAMPLE.replace(from, to);
  assert(edited !== EXAMPLE);
  assertEquals((await loaded(edited, { dryRun: true })).changes, [...changes]);
  assertEquals((await loaded(edited)).changes, [...changes]);
  assertEquals((await loaded(edited)).changes, []);
});

Deno.test("load() understands that who writes may write", async () => {
  const { user } = await kintoAt(server.url).info();
  await loaded('buckets: {shop: {permissions: {write: ["basicauth:a"]}}}');
  for (const writers of [`"basicauth:a"`, `"basicauth:a", "${user}"`, `"${user}", "basicauth:a"`]) {
    const yaml = `buckets: {shop: {permissions: {write: [${writers}]}}}`;
    assertEquals((await loaded(yaml)).changes, []);
  }
});

Deno.test("load() leaves alone what isn't described", async () => {
  await loaded(EXAMPLE);
  await loaded("buckets: {shop: {data: {owner: me}, permissions: {collection:create: [a]}}}");
  assertEquals((await loaded(EXAMPLE)).changes, []);
  const { body } = await kintoAt(server.url).request({ method: "GET", path: "/buckets/shop" });
  assertEquals((body as { data: { owner: string } }).data.owner, "me");
});

Deno.test("load() writes nothing when it's a dry run", async () => {
  const { created, changes } = await loaded(EXAMPLE, { dryRun: true });
  assertEquals([created, changes.length], [6, 6]);
  assertEquals((await loaded(EXAMPLE)).created, 6);
});

Deno.test("load() replaces everything when it's forced", async () => {
  await loaded(EXAMPLE);
  const { changed, changes } = await loaded(EXAMPLE, { force: true });
  assertEquals([changed, changes[0]], [6, "replace bucket shop"]);
  assertEquals((await loaded(EXAMPLE)).unchanged, 6);
});

Deno.test("load() reads nothing that it doesn't compare", async () => {
  const kinto = kintoAt(server.url);
  const objects = await initialization({ bucket: "build-hub", collection: "releases" });
  await load(kinto, objects);
  const paths: string[] = [];
  await using proxy = await startFaultProxy(server.url, {
    handle: (request, forward) => {
      paths.push(`${request.method} ${request.path}`);
      const text = new TextDecoder().decode(request.body);
      if (text) {
        const { requests } = JSON.parse(text) as { requests: { method: string; path: string }[] };
        paths.push(...requests.map(({ method, path }) => `${method} ${path}`));
      }
      return forward(request);
    },
  });
  await load(kintoAt(proxy.url), objects);
  assertEquals(paths, [
    "GET /v1/",
    "POST /v1/batch",
    "GET /buckets/build-hub",
    "GET /buckets/build-hub/collections/releases",
  ]);
});

Deno.test.each([1, 2, 3])("load() copes with a bad connection (seed %d)", async (seed) => {
  await using proxy = await startFaultProxy(server.url, { faults: everyFault(0.4), seed });
  await load(kintoAt(proxy.url), await parseDescription(EXAMPLE));
  assertEquals((await loaded(EXAMPLE)).unchanged, 6);
});

Deno.test("load() says what the server refuses, and does the rest", async () => {
  const wrong = EXAMPLE.replace('{members: ["basicauth:a"]}', "{members: 3}");
  await assertRejects(
    () => loaded(wrong),
    Error,
    "/buckets/shop/groups/editors: server replied 400",
  );
  assertEquals((await loaded(EXAMPLE)).changes, ["create group shop/editors"]);
});

Deno.test("load() says so when somebody else's bucket can't be changed", async () => {
  await loaded("buckets: {shop: {data: {a: 1}}}");
  const stranger = kintoAt(server.url, { auth: "other:pass" });
  const objects = await parseDescription("buckets: {shop: {data: {a: 2}}}");
  await assertRejects(() => load(stranger, objects), Error, "bucket shop exists, and basicauth:");
});

Deno.test("initialization.yml loads with kinto-wizard 4, and load() has nothing to add", async () => {
  const wizard = `${await python("kinto-wizard-4", PYTHON_PACKAGES.kintoWizard4)}kinto-wizard`;
  const file = new URL("../../initialization.yml", import.meta.url).pathname;
  const flags = ["--server", server.url, "--auth", "user:pass"];
  await run(wizard, ["load", ...flags, file]);
  const kinto = kintoAt(server.url);
  const to = { bucket: "build-hub", collection: "releases" };
  const { unchanged } = await load(kinto, await initialization(to));
  assertEquals(unchanged, 2);
  // And back: what was loaded here is what kinto-wizard wants.
  const [reply] = await kinto.batch([
    {
      method: "PUT",
      path: `/buckets/build-hub/collections/releases/records/${record(1).id}`,
      body: { data: record(1) },
    },
  ]);
  assertEquals(reply!.status, 201);
  await run(wizard, ["load", ...flags, file]);
  assertEquals((await recordsOf(kinto, to)).size, 1);
  assertEquals((await load(kinto, await initialization(to))).unchanged, 2);
});
