import { DatabaseSync } from "node:sqlite";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { startServe } from "../servers/serve.ts";

const HEADERS = {
  authorization: `Basic ${btoa("alice:a")}`,
  "content-type": "application/json",
};

/** A request by alice. */
async function ask(
  url: string,
  method = "GET",
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(url, {
    method,
    headers: { ...HEADERS, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    json: text === "" ? undefined : JSON.parse(text),
    headers: response.headers,
  };
}

async function createCollection(url: string): Promise<string> {
  await ask(`${url}/buckets/b`, "PUT", { permissions: { read: ["system.Everyone"] } });
  await ask(`${url}/buckets/b/collections/c`, "PUT", {});
  return `${url}/buckets/b/collections/c/records`;
}

Deno.test("serve killed under load has all that it answered", async () => {
  const folder = await Deno.makeTempDir({ prefix: "serve-kill-" });
  try {
    const database = `${folder}/kill.sqlite`;
    const answered = new Set<string>();
    {
      await using serve = await startServe({ database });
      await createCollection(serve.url);
      let isKilled = false;
      const writer = async (name: string) => {
        for (let batch = 0; !isKilled; batch++) {
          const ids = Array.from({ length: 50 }, (_, index) => `${name}-${batch}-${index}`);
          const requests = ids.map((id) => ({
            method: "PUT",
            path: `/buckets/b/collections/c/records/${id}`,
            body: { data: { name: id } },
          }));
          try {
            const { status } = await ask(`${serve.url}/batch`, "POST", { requests });
            if (status === 200) ids.forEach((id) => answered.add(id));
          } catch (error) {
            if (!isKilled) throw error;
          }
          if (answered.size > 3000 && !isKilled) {
            isKilled = true;
            Deno.kill(serve.pid, "SIGKILL");
          }
        }
      };
      await Promise.all(["w", "x", "y", "z"].map(writer));
    }
    assert(answered.size > 3000, `only ${answered.size} records were answered before the kill`);
    await using serve = await startServe({ database });
    const stored = new Set<string>();
    const path = "/buckets/b/collections/c/records";
    const { json } = await ask(`${serve.url}${path}`);
    for (const { id } of (json as { data: { id: string }[] }).data) stored.add(id);
    assertEquals([...answered].filter((id) => !stored.has(id)), []);
    const { headers } = await ask(`${serve.url}${path}`, "HEAD");
    assertEquals(headers.get("total-objects"), String(stored.size));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("serve finishes in-flight requests on SIGTERM", async () => {
  await using serve = await startServe();
  const records = await createCollection(serve.url);
  const requests = Array.from({ length: 200 }, (_, index) => ({
    method: "PUT",
    path: `/buckets/b/collections/c/records/r${index}`,
    body: { data: { text: "x".repeat(2000) } },
  }));
  const answers = Array.from(
    { length: 8 },
    () => ask(`${serve.url}/batch`, "POST", { requests }).then(({ status }) => status, () => 0),
  );
  await ask(records); // the batches that were sent before are in flight by now
  Deno.kill(serve.pid, "SIGTERM");
  assertEquals(await Promise.all(answers), Array(8).fill(200), serve.logs.join("\n"));
  await serve[Symbol.asyncDispose]();
  await assertRejects(() => ask(records), TypeError);
});

interface Refused {
  name: string;
  args: string[];
  env: Record<string, string>;
  says: string;
}

Deno.test.each<Refused>([
  {
    name: "the default password elsewhere",
    args: ["--host", "0.0.0.0"],
    env: { AUTH: "user:pass" },
    says: "default password",
  },
  { name: "an account without password", args: [], env: { AUTH: "alice:a\nbob" }, says: "line 2" },
  {
    name: "a name twice",
    args: [],
    env: { AUTH: "alice:a\nalice:b" },
    says: "alice is there twice",
  },
  {
    name: "a file that is no database",
    args: ["--database", "deno.json"],
    env: {},
    says: "not a database",
  },
  { name: "a port that isn't one", args: ["--port", "x"], env: {}, says: "--port" },
])("serve refuses $name", async ({ args, env, says }: Refused) => {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", main, "serve", "--port", "0", ...args],
    env: { SERVE_DATABASE: ":memory:", ...env },
    cwd: new URL("../..", import.meta.url).pathname,
  }).output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), says);
});

Deno.test("serve says what to do with a database of another format", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const database = `${folder}/old.sqlite`;
    new DatabaseSync(database).exec("PRAGMA user_version = 1");
    const error = await assertRejects(() => startServe({ database }), Error);
    assertStringIncludes(error.message, "format 1, and this program reads");
    assertStringIncludes(error.message, "publish again");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("serve locks its file", async () => {
  await using serve = await startServe();
  const error = await assertRejects(() => startServe({ database: serve.database }), Error);
  assertStringIncludes(error.message, "another buildhub serve uses it");
});

Deno.test("serve reads accounts from a file", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "alice:a\r\ncarol:c:c\n\n");
  try {
    await using serve = await startServe({ args: ["--accounts", file] });
    const authorization = `Basic ${btoa("carol:c:c")}`;
    const { json } = await ask(`${serve.url}/`, "GET", undefined, { authorization });
    assertEquals((json as { user: { id: string } }).user.id, "account:carol");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("serve refuses to write when KINTO_READONLY is set", async () => {
  await using serve = await startServe({ env: { KINTO_READONLY: "true" } });
  for (
    const [method, path] of [["PUT", "/buckets/b"], ["POST", "/batch"], ["POST", "/__flush__"]]
  ) {
    const { status, json } = await ask(`${serve.url}${path}`, method, {});
    assertEquals([status, (json as { errno: number }).errno], [405, 115]);
  }
  assertEquals((await ask(`${serve.url}/buckets`)).status, 200);
});

Deno.test("serve logs a line of JSON a request with --access-log, and no password", async () => {
  await using serve = await startServe({ args: ["--access-log"] });
  await ask(`${serve.url}/buckets?_limit=1`);
  const line = serve.logs.find((line) => line.startsWith("{")) ?? "{}";
  const { time, ms, agent, ...rest } = JSON.parse(line);
  assertEquals(rest, { method: "GET", path: "/v1/buckets?_limit=1", status: 200 });
  assertMatch(time, /^\d{4}-/);
  assertEquals([typeof ms, typeof agent], ["number", "string"]);
});

Deno.test("serve deletes everything on POST /__flush__, when that's enabled", async () => {
  await using serve = await startServe();
  const records = await createCollection(serve.url);
  assertEquals((await ask(`${serve.url}/__flush__`, "POST")).status, 202);
  assertEquals((await ask(records)).status, 403);
  await using other = await startServe({ env: { KINTO_FLUSH_ENDPOINT_ENABLED: "false" } });
  assertEquals((await ask(`${other.url}/__flush__`, "POST")).status, 404);
});

Deno.test("serve refuses a body that is too large, and numbers that it can't store exactly", async () => {
  await using serve = await startServe();
  const records = await createCollection(serve.url);
  const large = { data: { text: "x".repeat(17 * 1024 * 1024) } };
  const tooLarge = await ask(`${records}/a`, "PUT", large);
  assertEquals([tooLarge.status, (tooLarge.json as { errno: number }).errno], [413, 113]);
  const response = await fetch(`${records}/a`, {
    method: "PUT",
    headers: HEADERS,
    body: '{"data":{"n":9007199254740993}}',
  });
  assertStringIncludes(await response.text(), "9007199254740993 is too big to be stored exactly");
  assertEquals(response.status, 400);
});

Deno.test.each([
  { path: "/batch" },
  { path: "/v1/batch" },
  { path: "/%62atch" },
  { path: "/buckets?x=/batch" },
])("serve refuses a batch within a batch, as $path", async ({ path }) => {
  await using serve = await startServe();
  const { status, json } = await ask(`${serve.url}/batch`, "POST", { requests: [{ path }] });
  assertEquals([status, (json as { errno: number }).errno], [400, 107]);
});

Deno.test("serve refuses permissions on a record, except those that it returned", async () => {
  await using serve = await startServe();
  const records = await createCollection(serve.url);
  const data = { name: "a" };
  const shared = await ask(`${records}/a`, "PUT", { data, permissions: { read: ["account:bob"] } });
  assertEquals([shared.status, (shared.json as { errno: number }).errno], [405, 115]);
  const { json } = await ask(`${records}/a`, "PUT", { data });
  const { permissions } = json as { permissions: unknown };
  assertEquals(permissions, { write: ["account:alice"] });
  assertEquals((await ask(`${records}/a`, "PUT", { data, permissions })).status, 200);
});

Deno.test("serve returns each object once in pages of any order, ties included", async () => {
  await using serve = await startServe();
  const records = await createCollection(serve.url);
  const requests = Array.from({ length: 100 }, (_, index) => ({
    method: "PUT",
    path: `/buckets/b/collections/c/records/r${index}`,
    body: {
      data: { target: { channel: `${index % 3}` }, n: index % 4, last_modified: 1 + index % 5 },
    },
  }));
  await ask(`${serve.url}/batch`, "POST", { requests });
  for (
    const sort of ["", "-n", "n,target.channel", "target.channel", "-target.channel,n", "missing"]
  ) {
    const seen: string[] = [];
    let next: string | null = `${records}?_limit=7&_sort=${sort}`;
    while (next !== null) {
      const page: { json: unknown; headers: Headers } = await ask(next);
      seen.push(...(page.json as { data: { id: string }[] }).data.map(({ id }) => id));
      next = page.headers.get("next-page");
    }
    assertEquals([seen.length, new Set(seen).size], [100, 100], sort);
  }
});

Deno.test.each([{ of: "one collection", step: 1 }, { of: "two, in turns", step: 2 }])(
  "serve returns the same objects in long pages as in short ones ($of)",
  async ({ step }) => {
    await using serve = await startServe();
    const records = await createCollection(serve.url);
    await ask(`${serve.url}/buckets/b/collections/other`, "PUT", {});
    const write = (numbers: number[], method = "PUT") =>
      ask(`${serve.url}/batch`, "POST", {
        requests: numbers.map((n) => ({
          method,
          path: `/buckets/b/collections/${n % step === 0 ? "c" : "other"}/records/r${n}`,
          ...method === "PUT" && { body: { data: { n } } },
        })),
      });
    const numbers = (length: number, nth: number) => Array.from({ length }, (_, at) => at * nth);
    for (let from = 0; from < 1200; from += 200) {
      await write(numbers(200, 1).map((n) => from + n));
    }
    // Some change later than their neighbors, some are deleted.
    await write(numbers(100, 12));
    await write(numbers(50, 14), "DELETE");
    const list = async (query: string) => {
      const seen: unknown[] = [];
      for (let next: string | null = `${records}?${query}`; next !== null;) {
        const page: { json: unknown; headers: Headers } = await ask(next);
        seen.push(...(page.json as { data: unknown[] }).data);
        next = page.headers.get("next-page");
      }
      return seen;
    };
    for (const query of ["", "_sort=last_modified", "_since=5", "_sort=n", "min_n=700"]) {
      const short = await list(`${query}&_limit=60`);
      assertEquals(await list(`${query}&_limit=450`), short, query);
      assertEquals(await list(query), short, query);
    }
    assertEquals((await list("")).length, 1200 / step - 50);
  },
);

Deno.test("serve deletes page by page, and takes each token once", async () => {
  await using serve = await startServe();
  const records = await createCollection(serve.url);
  for (const id of ["a", "b", "c"]) await ask(`${records}/${id}`, "PUT", {});
  const first = await ask(`${records}?_limit=1`, "DELETE");
  const next = first.headers.get("next-page") ?? "";
  assertEquals((await ask(next, "DELETE")).status, 200);
  const again = await ask(next, "DELETE");
  assertEquals(again.status, 400);
  assertStringIncludes(JSON.stringify(again.json), "already used");
  assertEquals((await ask(records, "HEAD")).headers.get("total-objects"), "1");
});
