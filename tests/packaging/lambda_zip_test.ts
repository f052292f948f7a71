import {
  assert,
  assertEquals,
  assertMatch,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import { counted } from "../../src/errors/counted.ts";
import { answerFrom } from "../../src/demo/archive_server.ts";
import { ArchiveTree } from "../../src/demo/archive_tree.ts";
import { sleep } from "../../src/net/sleep.ts";
import { conformanceRecords } from "../conformance.ts";
import { published, unpublish } from "../published.ts";
import { startInventories } from "../servers/conformance_inventory.ts";
import { readTree } from "../servers/conformance_tree.ts";
import { startLambdaEmulator } from "../servers/lambda_emulator.ts";
import { modernArchive } from "../servers/modern_archive.ts";
import { startSentry } from "../servers/sentry.ts";
import { eventOf, sqsEvent } from "../lambda/s3_event_setup.ts";
import { workedEvents } from "../lambda/worked_events.ts";
import { buildZip, type BuiltZip, unpack } from "./built_zip.ts";
import { AUTH, logged, startUnpacked } from "./unpacked_function.ts";

type Members = Record<string, unknown>;

/** Built once, for all these tests, and unpacked there. */
let zip: BuiltZip;
let entries: string[];
const root = Deno.makeTempDirSync();

Deno.test.beforeAll(async () => {
  zip = await buildZip();
  entries = await unpack(zip.path, root);
});

Deno.test.afterAll(async () => {
  await zip[Symbol.asyncDispose]();
  await Deno.remove(root, { recursive: true });
});

Deno.test("lambda.zip holds what it says, and less than 50 MB", async () => {
  assert(entries.includes("0o755 bootstrap"));
  assert(entries.includes("0o755 deno") || entries.includes("0o755 buildhub"));
  const others = entries.filter((entry) => !entry.startsWith("0o755"));
  for (const entry of others) assertMatch(entry, /^0o644 bundle\/[\w.-]+\.js$/);
  const names = entries.map((entry) => entry.slice("0o755 ".length));
  assertEquals(names, [...names].sort());
  const listed = zip.said.split("\n").filter((line) => /^ *\d+ +\d+ {2}\S/.test(line));
  assertEquals(listed.map((line) => line.trim().split(/ +/)[2]), names);
  assert((await Deno.stat(zip.path)).size < 50_000_000);
});

Deno.test("lambda.zip has the same bytes from another clean copy", async () => {
  await using second = await buildZip();
  const [a, b] = await Promise.all([zip, second].map(({ path }) => Deno.readFile(path)));
  assert(a!.length === b!.length && a!.every((byte, i) => byte === b![i]));
});

Deno.test("lambda.zip says which function it doesn't know", async () => {
  await using emulator = await startLambdaEmulator({
    bootstrap: [`${root}/bootstrap`],
    handler: "no_such.handler",
    env: { LAMBDA_TASK_ROOT: root, DENO_DIR: `${root}/cache` },
  });
  const failure = await emulator.invoke({});
  assertObjectMatch(failure as Members, { errorType: "UnknownHandler" });
  const [line] = logged(emulator.logs);
  assertEquals(line?.level, "error");
  assertStringIncludes(String(line?.message), "no_such.handler");
});

Deno.test("lambda.zip answers all worked events, in one warm process", async () => {
  await using sentry = startSentry();
  await using peers = await startUnpacked(root, {
    archive: { files: await readTree() },
    env: { SENTRY_DSN: sentry.dsn },
  });
  const { emulator, kinto, archive } = peers;
  const events = await workedEvents(archive.url);
  assertEquals(events.length, 108);
  for (const [at, { event, records }] of events.entries()) {
    const { summary } = await emulator.invoke(event) as { summary: string };
    const { size } = records;
    const builds = `${
      counted(size, "builds")
    } = ${size} created + 0 existing + 0 incomplete + 0 failed`;
    assertStringIncludes(summary, builds, `case ${at}`);
    assertEquals(await published(kinto.url), records, `case ${at}`);
    await unpublish(kinto.url, AUTH);
  }
  assertEquals(sentry.events, []);
  assertEquals(emulator.logs.filter((line) => line.includes("INIT START")).length, 1);
});

const DONE = "1 object = 1 done + 0 ignored + 0 failed; " +
  "1 build = 1 created + 0 existing + 0 incomplete + 0 failed";
const FAILED = { errorType: "EventFailure" };

type S3Event = ReturnType<typeof eventOf>;

function snsRecord(message: string) {
  return { EventSource: "aws:sns", Sns: { Message: message } };
}

/** What may come around the event of one build, with broken ones beside it, and the answer. */
const ENVELOPES: { name: string; of: (event: S3Event) => unknown; answer: Members }[] = [
  { name: "S3", of: (event) => event, answer: { summary: DONE } },
  {
    name: "SNS",
    of: (event) => ({ Records: [snsRecord(JSON.stringify(event))] }),
    answer: { summary: DONE },
  },
  {
    name: "EventBridge",
    of: ({ Records: [record] }) => ({
      "detail-type": "Object Created",
      source: "aws.s3",
      time: record?.eventTime,
      detail: record?.s3,
    }),
    answer: { summary: DONE },
  },
  { name: "SQS", of: (good) => sqsEvent({ good }), answer: { batchItemFailures: [] } },
  {
    name: "SNS in SQS, beside a broken message",
    of: (event) => sqsEvent({ bad: "{", good: { Message: JSON.stringify(event) } }),
    answer: { batchItemFailures: [{ itemIdentifier: "bad" }] },
  },
  {
    name: "SNS, beside a broken message",
    of: (event) => ({ Records: [snsRecord("{"), snsRecord(JSON.stringify(event))] }),
    answer: FAILED,
  },
  {
    name: "S3, between odd records",
    of: ({ Records }) => ({ Records: [null, ...Records, { s3: { object: { key: "" } } }] }),
    answer: FAILED,
  },
];

Deno.test("lambda.zip takes every envelope, tells what is broken, and keeps its secrets", async (t) => {
  await using sentry = startSentry();
  const archive = { files: await readTree() };
  await using peers = await startUnpacked(root, { archive, env: { SENTRY_DSN: sentry.dsn } });
  const { emulator, kinto } = peers;
  const { event, records } = (await workedEvents(peers.archive.url))
    .find(({ kind, event }) => kind === "archive" && "s3" in (event as S3Event).Records[0]!)!;
  for (const { name, of, answer } of ENVELOPES) {
    await t.step(name, async () => {
      assertObjectMatch(await emulator.invoke(of(event as S3Event)) as Members, answer);
      assertEquals(await published(kinto.url), records);
      await unpublish(kinto.url, AUTH);
    });
  }
  await t.step("nothing that is an event", async () => {
    assertObjectMatch(await emulator.invoke({}) as Members, {
      ...FAILED,
      errorMessage: "1 of 1 objects failed: unreadable: an event without Records",
    });
    assertObjectMatch(await emulator.send("{") as Members, { errorType: "SyntaxError" });
    assertEquals(await published(kinto.url), new Map());
  });
  await t.step("each failure was reported to Sentry", () => assertEquals(sentry.events.length, 5));
  await t.step("each line is an object with the request id, and none has the password", () => {
    for (const { level, message, requestId } of logged(emulator.logs)) {
      assert(level && message && typeof requestId === "string");
    }
    const all = [...emulator.logs, ...sentry.received].join("\n");
    const [, password = ""] = AUTH.split(":");
    for (const secret of [password, JSON.stringify(password).slice(1, -1), btoa(AUTH)]) {
      assert(!all.includes(secret));
    }
  });
});

Deno.test("lambda.zip fails when Kinto can't be reached, and goes on with the next event", async () => {
  await using peers = await startUnpacked(root, {
    archive: { files: await readTree() },
    timeoutSeconds: 4,
    env: { NB_RETRY_REQUEST: "0" },
  });
  const { emulator, kinto, archive } = peers;
  await kinto[Symbol.asyncDispose]();
  const { event } = (await workedEvents(archive.url)).find(({ kind }) => kind === "archive")!;
  const failure = await emulator.invoke(event) as { errorType: string; errorMessage: string };
  assertEquals(failure.errorType, "EventFailure");
  assertStringIncludes(failure.errorMessage, kinto.url);
  const ignored = await emulator.invoke(eventOf("pub/firefox/README"));
  assertStringIncludes((ignored as { summary: string }).summary, "1 ignored + 0 failed");
});

const SCHEDULED = { "detail-type": "Scheduled Event" };
const INVENTORY = "buildhub.lambda_s3_inventory.lambda_handler";

Deno.test("lambda.zip publishes the newest inventories on its schedule", async () => {
  await using s3 = await startInventories();
  await using peers = await startUnpacked(root, {
    archive: { files: await readTree() },
    handler: INVENTORY,
    timeoutSeconds: 900,
    env: { AWS_ENDPOINT_URL_S3: s3.url, S3_FORCE_PATH_STYLE: "true" },
  });
  const { emulator, kinto, archive } = peers;
  assertObjectMatch(await emulator.invoke(SCHEDULED) as Members, { isComplete: true });
  assertEquals(await published(kinto.url), await conformanceRecords(archive.url));
  const messages = logged(emulator.logs).map(({ message }) => message);
  const counts =
    "2884 builds = 2866 published + 0 unchanged + 0 refused + 18 incomplete + 0 failed";
  assert(messages.includes(counts), messages.join("\n"));
});

Deno.test("lambda.zip crawls until its deadline is near, and the next run goes on", async () => {
  const { files, builds } = modernArchive({ versions: [129, 130], locales: ["en-US", "fr"] });
  const tree = new ArchiveTree(files);
  // The first run meets an archive that is too slow for it.
  let delayMs = 100;
  const fault = async (path: string, request: Request) => {
    await sleep(delayMs);
    return answerFrom(tree, path, request);
  };
  await using peers = await startUnpacked(root, {
    archive: { files: tree, fault },
    handler: INVENTORY,
    timeoutSeconds: 8,
    env: { SOURCE: "crawl", NB_PARALLEL_REQUESTS: "2" },
  });
  const { emulator, kinto } = peers;
  assertObjectMatch(await emulator.invoke(SCHEDULED) as Members, { isComplete: false });
  const { size } = await published(kinto.url);
  assert(size < builds.size);

  delayMs = 0;
  const { isComplete, summary } = await emulator.invoke(SCHEDULED) as Members;
  assertEquals(isComplete, true);
  assert(Array.isArray(summary));
  const counts = `${
    builds.size - size
  } published + ${size} unchanged + 0 refused + 0 incomplete + 0 failed`;
  assert(summary.includes(`${builds.size} builds = ${counts}`), summary.join("\n"));
  assertEquals([...(await published(kinto.url)).keys()].sort(), [...builds.keys()].sort());
});
