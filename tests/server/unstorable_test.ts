import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  bucketPath,
  collectionPath,
  type KintoRequest,
  recordPath,
} from "../../src/kinto/kinto_request.ts";
import { kintoAt } from "../kinto/target.ts";
import { startKinto } from "../servers/kinto.ts";
import { startServe } from "../servers/serve.ts";

const NAME = { bucket: "b", collection: "c" };
const PATH = recordPath(NAME, "a");

const CASES: { name: string; request: KintoRequest; problem?: string }[] = [
  {
    name: "a NUL",
    request: { method: "PUT", path: PATH, body: { data: { cc: "gcc\0" } } },
    problem: "data.cc has a NUL (U+0000)",
  },
  {
    name: "a NUL in a name",
    request: { method: "PATCH", path: PATH, body: { data: { a: { "\0": 1 } } } },
    problem: "the name of data.a.\ufffd has a NUL (U+0000)",
  },
  {
    name: "a NUL in a principal",
    request: { method: "PUT", path: bucketPath("b"), body: { permissions: { read: ["\0"] } } },
    problem: "permissions.read.0 has a NUL (U+0000)",
  },
  {
    name: "a lone surrogate",
    request: { method: "POST", path: recordPath(NAME), body: { data: { cc: ["\udc00"] } } },
    problem: "data.cc.0 has a lone surrogate",
  },
  { name: "a pair", request: { method: "PUT", path: PATH, body: { data: { cc: "😀" } } } },
  { name: "an escape", request: { method: "PUT", path: PATH, body: { data: { cc: "\\u0000" } } } },
];

Deno.test("serve refuses text that Kinto on PostgreSQL can't store, and takes the rest", async (test) => {
  await using stack = new AsyncDisposableStack();
  const servers = [
    stack.use(await startKinto({ storage: "postgresql" })),
    stack.use(await startServe()),
  ];
  const [kinto, serve] = servers.map(({ url }) => kintoAt(url, { retries: 0 }));
  for (const server of [kinto!, serve!]) {
    for (const path of [bucketPath("b"), collectionPath(NAME), PATH]) {
      assertEquals((await server.request({ method: "PUT", path })).status, 201);
    }
  }
  for (const { name, request, problem } of CASES) {
    await test.step(name, async () => {
      const kintoStatus = await kinto!.request(request)
        .then(({ status }) => status, ({ status }) => status);
      assertEquals(kintoStatus < 300, problem === undefined, `Kinto replied ${kintoStatus}`);
      const { status, body } = await serve!.request(request);
      assertEquals(status, problem === undefined ? kintoStatus : 400);
      if (problem) assertStringIncludes(JSON.stringify(body), JSON.stringify(problem).slice(1, -1));
    });
  }
  await test.step("a batch: the others are written", async () => {
    const requests = ["x", "poison\0", "y"].map((cc, at) => ({
      method: "PUT" as const,
      path: recordPath(NAME, `r${at}`),
      body: { data: { cc } },
    }));
    const statuses = async (server: typeof kinto) =>
      (await server!.batch(requests)).map(({ status }) => status);
    assertEquals(await statuses(serve), [201, 400, 201]);
    assertEquals(await statuses(kinto), [201, 503, 201]);
  });
});
