import { bundle } from "../../lambda/package/bundle.ts";
import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { load } from "../../src/kinto/load.ts";
import { serveConformanceArchive } from "../conformance.ts";
import { workedEvents } from "../lambda/worked_events.ts";
import { startKinto } from "../servers/kinto.ts";
import { startLambdaEmulator } from "../servers/lambda_emulator.ts";
import { median } from "./measure.ts";
import { percentile } from "./percentile.ts";

const COLD_STARTS = 10;
const WARM_EVENTS = 200;
const AUTH = "operator:correct horse";

const IGNORED = {
  Records: [{
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    eventTime: "2018-01-02T03:04:05.678Z",
    s3: { object: { key: "pub/firefox/releases/52.0/SHA512SUMS", size: 7 } },
  }],
};

/** The function behind S3 events, as the bundle that lambda.zip holds, in AWS's emulator. */
export async function run(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await bundle(`${folder}/bundle/`);
    const flags = ["--no-config", "--cached-only", "--no-prompt", "--no-code-cache", "--allow-all"];
    const program = [Deno.execPath(), "run", ...flags, `${folder}/bundle/main.js`, "lambda"];
    // The shell tells its process id, and becomes the function.
    const pidFile = `${folder}/pid`;
    const bootstrap = ["/bin/sh", "-c", 'echo $$ > "$0"; exec "$@"', pidFile, ...program];
    await coldAndWarm(bootstrap);
    await conformance(bootstrap, pidFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function coldAndWarm(bootstrap: string[]): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let start = 0; start < COLD_STARTS; start++) {
    await using emulator = await startLambdaEmulator({ bootstrap, env: { AUTH } });
    const invoke = async () => {
      const begin = performance.now();
      await emulator.invoke(IGNORED);
      return performance.now() - begin;
    };
    // The emulator starts bootstrap when the first event comes.
    cold.push(await invoke());
    for (let event = 0; event < WARM_EVENTS / COLD_STARTS; event++) warm.push(await invoke());
  }
  const range = `${Math.min(...cold).toFixed(0)} to ${Math.max(...cold).toFixed(0)}`;
  console.log(`  cold start, ignored event: ${median(cold).toFixed(0)} ms (${range})`);
  console.log(
    `  warm, ignored event: ${median(warm).toFixed(1)} ms, ` +
      `95 % within ${percentile(warm, 95).toFixed(1)} ms, the emulator's part included`,
  );
}

async function conformance(bootstrap: string[], pidFile: string): Promise<void> {
  await using kinto = await startKinto();
  await using archive = await serveConformanceArchive();
  const to = { bucket: "build-hub", collection: "releases" };
  await load(new Kinto({ url: kinto.url, auth: AUTH }), await initialization(to));
  const env = { AUTH, SERVER_URL: kinto.url, ARCHIVE_URL: archive.url };
  await using emulator = await startLambdaEmulator({ bootstrap, env });
  const cases = await workedEvents(archive.url);
  const requests = new Map<string, number[]>();
  const begin = performance.now();
  for (const { kind, event } of cases) {
    archive.requests.clear();
    await emulator.invoke(event);
    const count = [...archive.requests.values()].reduce((sum, count) => sum + count, 0);
    requests.set(kind, [...requests.get(kind) ?? [], count]);
  }
  const seconds = (performance.now() - begin) / 1000;
  const status = await Deno.readTextFile(
    `/proc/${(await Deno.readTextFile(pidFile)).trim()}/status`,
  );
  const peakMiB = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  console.log(
    `  ${cases.length} worked events: ${seconds.toFixed(2)} s, peak ${Math.round(peakMiB)} MiB`,
  );
  for (const [kind, counts] of requests) {
    console.log(`  ${kind} events: at most ${Math.max(...counts)} requests to the archive`);
  }
}
