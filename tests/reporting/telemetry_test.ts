import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { type Metric, METRICS, SPANS } from "../../src/reporting/metrics.ts";
import { Telemetry } from "../../src/reporting/telemetry.ts";
import { seededArchive } from "../jobs/audit/seeded_archive.ts";
import { buildhub } from "../buildhub.ts";
import { everyFault, startFaultProxy } from "../servers/fault_proxy.ts";
import { startLambdaEmulator } from "../servers/lambda_emulator.ts";
import { startOtlp } from "../servers/otlp.ts";
import { startServe } from "../servers/serve.ts";

const PASSWORD = "pa55:with:colons";
const RISCV = "pub/firefox/releases/9.0/linux-riscv64/fr/firefox-9.0.tar.zst";

Deno.test("every metric and span of the table arrives by OTLP, and no other", async () => {
  await using otlp = await startOtlp();
  const seeded = seededArchive({ releases: 10, nightlies: 5, others: 2 });
  await using archive = serveArchive({ files: seeded.documents });
  await using faults = await startFaultProxy(archive.url, { faults: everyFault(0.3), seed: 3 });
  await using serve = await startServe({ env: { AUTH: `operator:${PASSWORD}` } });
  const cache = await Deno.makeTempDir();
  const env = {
    ...otlp.env,
    SERVER_URL: serve.url,
    ARCHIVE_URL: `${faults.url.replace(/\/*$/, "")}/`,
    AUTH: `operator:${PASSWORD}`,
    CACHE_FOLDER: cache,
    NB_RETRY_REQUEST: "20",
    TIMEOUT_SECONDS: "5",
    LOG_METRICS: "logging",
  };
  assertEquals((await buildhub(["load"], { env })).code, 0);
  const csv = `${seeded.csv}"d","${RISCV}","90000000","2017-06-02T12:20:10Z","m"\n`;
  const audit = await buildhub(["audit", "--fix", "--strict"], { env, stdin: csv });
  assertEquals(audit.code, 1, audit.stderr);
  const status = await buildhub(["status"], { env });
  assertEquals(status.code, 0, status.stderr);
  const failed = await buildhub(["status"], { env: { ...env, COLLECTION: "none" } });
  assertEquals(failed.code, 1, failed.stderr);
  await using emulator = await startLambdaEmulator({
    bootstrap: [
      ...[Deno.execPath(), "run", "--allow-all", "--no-check", "--cached-only"],
      ...[new URL("../../main.ts", import.meta.url).pathname, "lambda"],
    ],
    // It's never done: what it measures is exported meanwhile. What ends exports at its end, and
    // Deno may wait for ever when both happen at the same moment.
    env: { ...env, OTEL_METRIC_EXPORT_INTERVAL: "200" },
  });
  const key = "pub/firefox/releases/1.0/win32/fr/firefox-1.0.tar.bz2";
  await emulator.invoke({ Records: [key, RISCV, "pub/README"].map(created) });
  await emulator.invoke({ Records: [created("a"), { eventSource: "aws:sqs", body: "{" }] });
  const isThere = () =>
    otlp.metrics().find(({ name }) => name === "buildhub.events")?.points.length === 3;
  // What a function measures is exported while it waits; what never comes fails below.
  for (let tries = 0; !isThere() && tries < 600; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const metrics = otlp.metrics();
  const seen = metrics.map(({ name, kind, unit, points }) => [
    name,
    { kind, unit, attributes: [...new Set(points.flatMap((it) => Object.keys(it.attributes)))] },
  ]);
  const table = Object.entries(METRICS as Record<string, Metric>).map((
    [name, { kind, unit, attributes }],
  ) => [name, { kind, unit, attributes: attributes.toSorted() }]);
  assertEquals(Object.fromEntries(seen), Object.fromEntries(table));

  const value = (name: string, attributes: Record<string, string>) =>
    metrics.find((metric) => metric.name === name)?.points.find((point) =>
      JSON.stringify(point.attributes) === JSON.stringify(attributes)
    )?.value;
  assertEquals(value("buildhub.rows", { result: "build" }), 416);
  assertEquals(value("buildhub.rows", { result: "ignored" }), 1);
  assertEquals(value("buildhub.builds", { kind: "candidate" }), 48);
  assertEquals(value("buildhub.records", { result: "published" }), 416);
  const of = { channel: "nightly", platform: "win32", product: "firefox" };
  assert(value("buildhub.freshness", of)! > 9 * 365 * 86_400);

  const spans = otlp.spans();
  assertEquals(new Set(spans.map(({ name }) => name)), new Set(Object.keys(SPANS)));
  const job = spans.find(({ attributes }) => attributes.command === "audit")!;
  const batches = spans.filter(({ parentSpanId }) => parentSpanId === job.spanId);
  assert(batches.length >= 3, JSON.stringify(spans));
  assert(
    batches.every(({ name, traceId }) => name === "buildhub.batch" && traceId === job.traceId),
  );
  assertEquals(spans.filter(({ isError }) => isError).map((span) => span.attributes), [
    { command: "status" },
  ]);

  for (const line of ['buildhub.rows{result="build"} 416', "buildhub.unknown 1"]) {
    assertStringIncludes(audit.stderr, `metric: ${line}\n`);
  }
  const outputs = [audit, status, failed].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  for (const output of [...outputs, otlp.text(), ...serve.logs]) {
    assert(!output.includes(PASSWORD) && !output.includes(btoa(`operator:${PASSWORD}`)), output);
  }
  await Deno.remove(cache, { recursive: true });
});

/** A record of an S3 event. */
function created(key: string) {
  return {
    ...{ eventSource: "aws:s3", eventName: "ObjectCreated:Put" },
    eventTime: "2017-06-02T12:20:10.000Z",
    s3: { bucket: { name: "b" }, object: { key, size: 90_000_000 } },
  };
}

Deno.test("Telemetry follows totals, and keeps what was measured", () => {
  const telemetry = new Telemetry({ keep: true });
  let total = 0;
  {
    using _ = telemetry.follow(() => [["buildhub.unknown", total, {}]]);
    total = 3;
  }
  telemetry.record("buildhub.lag", 9, { product: "p", channel: "c", platform: "f" });
  telemetry.record("buildhub.lag", 5, { product: "p", channel: "c", platform: "f" });
  telemetry.record("buildhub.batch.duration", 1.5, { result: "answered" });
  telemetry.record("buildhub.batch.duration", 0.5, { result: "answered" });
  assertEquals(telemetry.lines(), [
    "buildhub.unknown 3",
    'buildhub.batch.duration{result="answered"} count=2 sum=2.000 min=0.500 max=1.500',
    'buildhub.lag{product="p",channel="c",platform="f"} 5',
  ]);
});

Deno.test("Telemetry that nobody asked for does nothing", async () => {
  const telemetry = Telemetry.from(() => undefined);
  using _ = telemetry.follow(() => {
    throw new Error("it looks");
  });
  telemetry.count("buildhub.unknown", 1, {});
  assertEquals(await telemetry.span("buildhub.job", {}, () => Promise.resolve(5)), 5);
  assertEquals([telemetry.isOn, telemetry.lines()], [false, []]);
});
