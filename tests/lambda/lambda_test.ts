import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import type { ReleaseRecord } from "../../src/archive/record.ts";
import { buildhub } from "../buildhub.ts";
import { conformanceRecords, serveConformanceArchive } from "../conformance.ts";
import { published } from "../published.ts";
import { startInventories } from "../servers/conformance_inventory.ts";
import { startKinto } from "../servers/kinto.ts";
import { type LambdaEmulatorOptions, startLambdaEmulator } from "../servers/lambda_emulator.ts";
import { startSentry } from "../servers/sentry.ts";
import { eventOf, sqsEvent } from "./s3_event_setup.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const BOOTSTRAP = [
  ...[Deno.execPath(), "run", "--no-check", "--cached-only", `--config=${ROOT}deno.json`],
  ...["--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
  ...[`${ROOT}main.ts`, "lambda"],
];
const PASSWORD = 'correct "horse" battery';

/** `buildhub lambda` in AWS's emulator, with real peers behind it. */
async function start(options: Partial<LambdaEmulatorOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const [kinto, archive] = await Promise.all([startKinto(), serveConformanceArchive()]);
  stack.use(kinto);
  stack.use(archive);
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const env = {
    SERVER_URL: kinto.url,
    ARCHIVE_URL: archive.url,
    AUTH: `operator:${PASSWORD}`,
    CACHE_FOLDER: folder,
    CSV_DOWNLOAD_DIRECTORY: `${folder}/downloads`,
    ...options.env,
  };
  const { code, stderr } = await buildhub(["load"], { env });
  assertEquals(code, 0, stderr);
  const emulator = stack.use(
    await startLambdaEmulator({ bootstrap: BOOTSTRAP, ...options, env }),
  );
  const parts = stack.move();
  return { emulator, kinto, archive, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** What the function logged, each line an object; the emulator's own lines are left out. */
function logged(lines: readonly string[]): Record<string, unknown>[] {
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

Deno.test("lambda answers S3 events as AWS's emulator sends them, good ones and bad ones", async () => {
  await using sentry = startSentry();
  await using peers = await start({ env: { SENTRY_DSN: sentry.dsn } });
  const { emulator, kinto, archive } = peers;
  const cases = (await Deno.readTextFile(new URL("../testdata/lambda.jsonl", import.meta.url)))
    .trim().replaceAll("https://archive.mozilla.org/", archive.url).split("\n")
    .map((line) => JSON.parse(line)).filter((_, at) => at % 9 === 0);
  const wanted = new Map<string, ReleaseRecord>();
  for (const { event, records } of cases) {
    for (const record of records) if (!wanted.has(record.id)) wanted.set(record.id, record);
    const answer = await emulator.invoke(event) as { summary: string };
    assertStringIncludes(answer.summary, `${records.length} builds = `);
    assertStringIncludes(answer.summary, "0 incomplete + 0 failed");
  }
  assertEquals(sentry.events, []);

  assertObjectMatch(await emulator.invoke({}) as Record<string, unknown>, {
    errorType: "EventFailure",
    errorMessage: "1 of 1 objects failed: unreadable: an event without Records",
  });
  const good = cases[0].event;
  assertEquals(await emulator.invoke(sqsEvent({ bad: "{", good })), {
    batchItemFailures: [{ itemIdentifier: "bad" }],
  });
  assertEquals(await published(kinto.url), wanted);
  assertEquals(sentry.events.length, 2);

  const lines = logged(emulator.logs);
  assert(lines.every(({ level, message }) => level && message));
  assert(lines.every(({ requestId }) => typeof requestId === "string"));
  const spelled = [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), btoa(`operator:${PASSWORD}`)];
  for (const secret of spelled) assert(!emulator.logs.join("\n").includes(secret));
});

Deno.test("lambda fails when Kinto can't be reached, and goes on with the next event", async () => {
  await using peers = await start({ timeoutSeconds: 4, env: { NB_RETRY_REQUEST: "0" } });
  const { emulator, kinto } = peers;
  await kinto[Symbol.asyncDispose]();
  const { event } = JSON.parse(
    (await Deno.readTextFile(new URL("../testdata/lambda.jsonl", import.meta.url))).split("\n")[1]!,
  );
  const failure = await emulator.invoke(event);
  assertObjectMatch(failure as Record<string, unknown>, { errorType: "EventFailure" });
  assertStringIncludes((failure as { errorMessage: string }).errorMessage, kinto.url);
  const ignored = await emulator.invoke(eventOf("pub/firefox/README"));
  assertStringIncludes((ignored as { summary: string }).summary, "1 ignored + 0 failed");
});

Deno.test("lambda publishes the newest inventories on its schedule", async () => {
  await using s3 = await startInventories();
  await using peers = await start({
    handler: "buildhub.lambda_s3_inventory.lambda_handler",
    timeoutSeconds: 300,
    env: { AWS_ENDPOINT_URL_S3: s3.url, S3_FORCE_PATH_STYLE: "true" },
  });
  const { emulator, kinto, archive } = peers;
  const answer = await emulator.invoke({ "detail-type": "Scheduled Event" });
  assertObjectMatch(answer as Record<string, unknown>, { isComplete: true });
  assertEquals(await published(kinto.url), await conformanceRecords(archive.url));
  const messages = logged(emulator.logs).map(({ message }) => message);
  assert(
    messages.includes("2884 builds = 2866 published + 0 unchanged + 0 refused + 18 incomplete"),
    messages.join("\n"),
  );
});

Deno.test("lambda says that it isn't AWS Lambda, where it isn't", async () => {
  const { code, stderr } = await buildhub(["lambda"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "AWS_LAMBDA_RUNTIME_API isn't set");
});

Deno.test("lambda loads nothing for an ignored event that it doesn't need", async () => {
  const heavy = /@aws-sdk|@sentry|\/ajv|yaml|csv|sqlite|src\/inventory|src\/server/;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${ROOT}deno.json`, `${ROOT}lambda/s3_event.ts`],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      specifier: string;
      dependencies?: { code?: { specifier: string }; isDynamic?: true }[];
    }[];
  };
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code && !isDynamic) visit(code.specifier);
    }
  };
  visit(new URL("lambda/s3_event.ts", `file://${ROOT}`).href);
  assert(loaded.size > 10);
  assertEquals([...loaded].filter((specifier) => heavy.test(specifier)), []);
});
