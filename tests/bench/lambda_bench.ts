import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { load } from "../../src/kinto/load.ts";
import { serveConformanceArchive } from "../conformance.ts";
import { buildZip, unpack } from "../packaging/built_zip.ts";
import { workedEvents } from "../lambda/worked_events.ts";
import { startKinto } from "../servers/kinto.ts";
import { type LambdaEmulatorOptions, startLambdaEmulator } from "../servers/lambda_emulator.ts";
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

/** All that a runtime has to do, and nothing else: what Deno itself takes. */
const BARE = `
const api = "http://" + Deno.env.get("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
for (;;) {
  const next = await fetch(api + "next");
  await next.text();
  const id = next.headers.get("lambda-runtime-aws-request-id");
  await (await fetch(api + id + "/response", { method: "POST", body: "{}" })).text();
}`;

/** The function behind S3 events, as lambda.zip holds it, in AWS's emulator. */
export async function run(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using zip = await buildZip();
    await unpack(zip.path, folder);
    const env = { AUTH, LAMBDA_TASK_ROOT: folder, DENO_DIR: `${folder}/cache` };
    // The shell tells its process id, and becomes the function.
    const pidFile = `${folder}/pid`;
    const tell = ["/bin/sh", "-c", 'echo $$ > "$0"; exec "$@"', pidFile];
    const bootstrap = [...tell, `${folder}/bootstrap`];
    await Deno.writeTextFile(`${folder}/bare.js`, BARE);
    const bare = [Deno.execPath(), "run", "--no-config", "--allow-all", `${folder}/bare.js`];
    await coldAndWarm("lambda.zip", { bootstrap, env });
    await coldAndWarm("a bare loop in Deno", { bootstrap: [...tell, ...bare], env });
    await conformance({ bootstrap, env }, pidFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function coldAndWarm(name: string, options: LambdaEmulatorOptions): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let start = 0; start < COLD_STARTS; start++) {
    await using emulator = await startLambdaEmulator(options);
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
  console.log(`  ${name}, an ignored event, the emulator's part included:`);
  console.log(`    cold start ${median(cold).toFixed(0)} ms (${range})`);
  const [middle, most] = [median(warm), percentile(warm, 95)].map((ms) => ms.toFixed(1));
  console.log(`    warm ${middle} ms, 95 % within ${most} ms`);
}

async function conformance(
  { bootstrap, env }: LambdaEmulatorOptions,
  pidFile: string,
): Promise<void> {
  await using kinto = await startKinto();
  await using archive = await serveConformanceArchive();
  const to = { bucket: "build-hub", collection: "releases" };
  await load(new Kinto({ url: kinto.url, auth: AUTH }), await initialization(to));
  await using emulator = await startLambdaEmulator({
    bootstrap,
    env: { ...env, SERVER_URL: kinto.url, ARCHIVE_URL: archive.url },
  });
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
