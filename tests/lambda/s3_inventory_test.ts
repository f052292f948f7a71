import { command } from "../../src/commands/lambda.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { s3Inventory } from "../../lambda/s3_inventory.ts";
import { readArguments } from "../../src/settings/read_arguments.ts";
import { answerFrom, type ArchiveServer } from "../../src/demo/archive_server.ts";
import { Log } from "../../src/reporting/log.ts";
import { conformanceRecords, serveConformanceArchive } from "../conformance.ts";
import { published } from "../published.ts";
import { startInventories } from "../servers/conformance_inventory.ts";
import { ManualClock } from "../net/manual_clock.ts";
import { startKinto } from "../servers/kinto.ts";
import { until } from "../until.ts";

/** The scheduled function, with real peers behind it. */
async function startFunction() {
  await using stack = new AsyncDisposableStack();
  /** Once set, the archive answers nothing until it resolves. */
  const hold: { until?: Promise<void> } = {};
  const archive: ArchiveServer = stack.use(
    await serveConformanceArchive({
      fault: (path, request) => hold.until?.then(() => answerFrom(archive.tree, path, request)),
    }),
  );
  const clock = new ManualClock();
  const [kinto, s3] = await Promise.all([startKinto(), startInventories()]);
  stack.use(kinto);
  stack.use(s3);
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const env: Record<string, string> = {
    SERVER_URL: kinto.url,
    ARCHIVE_URL: archive.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    S3_FORCE_PATH_STYLE: "true",
    CACHE_FOLDER: folder,
    CSV_DOWNLOAD_DIRECTORY: `${folder}/downloads`,
    NB_RETRY_REQUEST: "0",
  };
  const { config } = readArguments([], command, (name) => env[name]);
  const handler = s3Inventory(config, clock);
  const logs: string[] = [];
  const log = new Log({ write: (line) => logs.push(line) });
  const parts = stack.move();
  return {
    hold,
    clock,
    /** Until the function waits for all the answers that it may wait for at once. */
    isWaiting: () => until(() => archive.requests.size >= config.parallelRequests),
    logs,
    kintoUrl: kinto.url,
    archiveUrl: archive.url,
    invoke: (leftMs: number, deadline = new AbortController().signal) =>
      handler({ "detail-type": "Scheduled Event" }, {
        requestId: "1",
        deadline,
        leftMs: () => leftMs,
        fetch,
        report: () => Promise.resolve(),
        log,
      }).catch((error: unknown) => error),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Checks that builds = published + unchanged + refused + unsent + incomplete + failed. */
function assertAddsUp(text: string): void {
  const [, builds, parts = ""] = /(\d+) builds = (.*)/.exec(text) ?? [];
  const numbers = [
    ...parts.matchAll(/(\d+) (?:published|unchanged|refused|unsent|incomplete|failed)/g),
  ];
  assertEquals(numbers.reduce((sum, [, number]) => sum + Number(number), 0), Number(builds), text);
}

Deno.test("s3Inventory() stops in time, and the next run goes on", async () => {
  await using lambda = await startFunction();
  const held = Promise.withResolvers<void>();
  lambda.hold.until = held.promise;
  const first = lambda.invoke(600_000);
  await lambda.isWaiting();
  lambda.clock.advance(540_000);
  held.resolve();
  const { isComplete, summary } = await first as { isComplete: boolean; summary: string[] };
  assertEquals(isComplete, false);
  assertAddsUp(summary.join("\n"));
  const expected = await conformanceRecords(lambda.archiveUrl);
  assert((await published(lambda.kintoUrl)).size < expected.size);

  const second = await lambda.invoke(600_000) as { isComplete: boolean; summary: string[] };
  assertEquals(second.isComplete, true, lambda.logs.join(""));
  assertAddsUp(second.summary.join("\n"));
  assertEquals(await published(lambda.kintoUrl), expected);

  const third = await lambda.invoke(600_000) as { summary: string[] };
  assertStringIncludes(third.summary.join("\n"), "= 0 published + 2866 unchanged + 0 refused");
});

Deno.test("s3Inventory() fails when the deadline comes all the same", async () => {
  await using lambda = await startFunction();
  const held = Promise.withResolvers<void>();
  lambda.hold.until = held.promise;
  const deadline = new AbortController();
  const run = lambda.invoke(600_000, deadline.signal);
  await lambda.isWaiting();
  deadline.abort(new DOMException("the deadline is near", "TimeoutError"));
  const failure = await run;
  assert(failure instanceof DOMException && failure.name === "TimeoutError", String(failure));
  assertAddsUp(lambda.logs.join(""));
  held.resolve();
  const { isComplete } = await lambda.invoke(600_000) as { isComplete: boolean };
  assertEquals(isComplete, true);
  assertEquals(await published(lambda.kintoUrl), await conformanceRecords(lambda.archiveUrl));
});
