import { assert, assertEquals } from "@std/assert";
import { type Kinto as KintoServer, startKinto } from "../servers/kinto.ts";
import { kintoAt, newCollection, record, records, recordsOf } from "../kinto/target.ts";
import { until } from "../until.ts";

let server: KintoServer;
let cache: string;
Deno.test.beforeAll(async () => {
  server = await startKinto({ storage: "postgresql" });
  cache = await Deno.makeTempDir();
});
Deno.test.afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Deno.remove(cache, { recursive: true });
});

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

function start(args: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", MAIN, ...args],
    env: { SERVER_URL: server.url, CACHE_FOLDER: cache, ...env },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

async function run(args: string[], lines: string[], env: Record<string, string> = {}) {
  const child = start(args, env);
  const writing = ReadableStream.from(lines.map((line) => `${line}\n`))
    .pipeThrough(new TextEncoderStream()).pipeTo(child.stdin).catch(() => {});
  const { code, stderr } = await child.output();
  await writing;
  return { code, stderr: new TextDecoder().decode(stderr).trimEnd().split("\n") };
}

const lineOf = (data: object) => JSON.stringify({ data });

Deno.test("to-kinto publishes what is good, names what isn't, and adds up", async () => {
  const kinto = kintoAt(server.url);
  const to = await newCollection(kinto);
  const lines = [
    lineOf(record(1)),
    "nonsense",
    lineOf({ ...record(2), extra: 1 }),
    lineOf(record(3)),
  ];
  const { code, stderr } = await run(["to-kinto", "--collection", to.collection], lines);
  assertEquals(code, 1);
  assert(stderr[0]!.startsWith("error: Refused line 2: no JSON"), stderr[0]);
  assertEquals(stderr.slice(1), [
    `error: Refused ${record(2).id}: the record must NOT have additional properties: extra`,
    "to-kinto: 4 read = 2 published + 0 unchanged + 2 refused",
  ]);
  assertEquals((await recordsOf(kinto, to)).size, 2);
});

Deno.test("to-kinto --skip writes only what is new or different", async () => {
  const kinto = kintoAt(server.url);
  const to = await newCollection(kinto);
  const command = ["to-kinto", "--skip", "--collection", to.collection];
  const lines = records(30).map(lineOf);
  const summaries = [];
  for (
    const input of [lines, lines, [...lines, lineOf(record(3, 99)), lineOf(record(30))], lines]
  ) {
    const { code, stderr } = await run(command, input);
    assertEquals(code, 0);
    summaries.push(stderr.at(-1));
  }
  assertEquals(summaries, [
    "to-kinto: 30 read = 30 published + 0 unchanged + 0 refused",
    "to-kinto: 30 read = 0 published + 30 unchanged + 0 refused",
    "to-kinto: 32 read = 2 published + 30 unchanged + 0 refused",
    "to-kinto: 30 read = 1 published + 29 unchanged + 0 refused",
  ]);
});

Deno.test.each([0, 1, 200])(
  "to-kinto killed after %d records and run again gives the same collection",
  async (count) => {
    const kinto = kintoAt(server.url);
    const to = await newCollection(kinto);
    const lines = records(400).map(lineOf);
    const command = ["to-kinto", "--skip", "--collection", to.collection];
    const child = start(command);
    const writing = ReadableStream.from(lines.map((line) => `${line}\n`))
      .pipeThrough(new TextEncoderStream()).pipeTo(child.stdin).catch(() => {});
    await until(async () => (await recordsOf(kinto, to)).size >= count);
    try {
      child.kill("SIGKILL");
    } catch {
      // It was faster.
    }
    await Promise.all([child.output(), writing]);
    const { code, stderr } = await run(command, lines);
    assertEquals(code, 0);
    const numbers = stderr.at(-1)!.match(/\d+/g)!.map(Number);
    assertEquals(numbers[0], 400);
    assertEquals(numbers[1]! + numbers[2]!, 400);
    const stored = await recordsOf(kinto, to);
    assertEquals(stored.size, 400);
    assertEquals(
      (await run(command, lines)).stderr.at(-1),
      "to-kinto: 400 read = 0 published + 400 unchanged + 0 refused",
    );
  },
);

Deno.test.each([
  { name: "no collection", args: ["--collection", "none"], says: '"buildhub load" creates it' },
  { name: "no server", args: ["--server", "http://127.0.0.1:9/v1"], says: "Cannot reach" },
  { name: "a wrong option", args: ["--colection", "x"], says: "Unknown option", code: 2 },
])("to-kinto says so when there is $name", async ({ args, says, code = 1 }) => {
  await newCollection(kintoAt(server.url));
  const result = await run(["to-kinto", ...args], [], { NB_RETRY_REQUEST: "1" });
  assertEquals(result.code, code);
  assert(
    result.stderr.some((line) => line.startsWith("error: ") && line.includes(says)),
    result.stderr[0],
  );
});

Deno.test("to-kinto applies a collection's own schema, and the bundled one where there is none", async () => {
  const kinto = kintoAt(server.url);
  const { bucket } = await newCollection(kinto);
  const collection = "own";
  const path = `/buckets/${bucket}/collections/${collection}`;
  const lines = ['{"data":{"id":"a","n":1}}', '{"data":{"id":"b","n":"x"}}'];
  const schema = { properties: { n: { type: "integer" } } };
  await kinto.batch([{ method: "PUT", path, body: { data: { schema } } }]);
  const own = await run(["to-kinto", "--collection", collection], lines);
  assertEquals(own.stderr, [
    "error: Refused b: n must be integer",
    "to-kinto: 2 read = 1 published + 0 unchanged + 1 refused",
  ]);
  await kinto.batch([{ method: "PUT", path, body: { data: {} } }]);
  const bundled = await run(["to-kinto", "--collection", collection], lines);
  assertEquals(bundled.stderr.at(-1), "to-kinto: 2 read = 0 published + 0 unchanged + 2 refused");
});

Deno.test("load tells what it does, under the names that are asked for", async () => {
  const args = ["load", "--bucket", "mine", "--collection", "builds"];
  assertEquals((await run([...args, "--dry-run"], [])).stderr, [
    "would create bucket mine",
    "would create collection mine/builds",
    "load: 2 described = 2 created + 0 changed + 0 unchanged (dry run: nothing was written)",
  ]);
  assertEquals(
    (await run(args, [])).stderr.at(-1),
    "load: 2 described = 2 created + 0 changed + 0 unchanged",
  );
  assertEquals((await run(args, [])).stderr, [
    "load: 2 described = 0 created + 0 changed + 2 unchanged",
  ]);
  const missing = await run(["load", "/nowhere.yml"], []);
  assertEquals(missing.code, 2);
  assert(missing.stderr[0]!.startsWith("error: Cannot load /nowhere.yml: "), missing.stderr[0]);
});
