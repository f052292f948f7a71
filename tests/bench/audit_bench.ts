import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { load } from "../../src/kinto/load.ts";
import { startServe } from "../servers/serve.ts";
import { measure } from "./measure.ts";

/**
 * `audit` of so many builds, whose records are known already: time and memory, with a tenth of them
 * beside it, as memory shall not grow with them.
 *
 * @param args builds
 */
export async function run([count = "1000000"]: string[]): Promise<void> {
  await using serve = await startServe();
  const name = { bucket: "build-hub", collection: "releases" };
  await load(new Kinto({ url: serve.url, auth: "user:pass" }), await initialization(name));
  const script = new URL("audit_process.ts", import.meta.url).pathname;
  for (const builds of [Math.round(Number(count) / 10), Number(count)]) {
    const { stdout, peakMiB } = await measure(
      [Deno.execPath(), "run", "--allow-all", "--no-check", script, serve.url, String(builds)],
    );
    const { seconds, missing, lines, gone } = JSON.parse(stdout);
    console.log(
      `${builds} builds: compared in ${seconds.toFixed(1)} s, peak ${Math.round(peakMiB)} MiB; ` +
        `${missing} missing in ${lines} lines, ${gone} gone`,
    );
  }
}
