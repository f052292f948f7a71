/** A process of its own, so that its memory is measured: SERVER_URL CACHE_FOLDER. */
import { Kinto } from "../../src/kinto/kinto.ts";
import { KnownRecords } from "../../src/kinto/known_records.ts";
import { refreshKnownRecords } from "../../src/kinto/refresh_known_records.ts";
import { Log } from "../../src/reporting/log.ts";

const [url = "", folder = ""] = Deno.args;
const log = new Log({ write: console.error });
const to = { bucket: "build-hub", collection: "existing" };
const start = performance.now();
using known = await KnownRecords.open({ folder, server: url, ...to, log });
const read = await refreshKnownRecords(known, new Kinto({ url, auth: "user:pass" }), {
  ...to,
  log,
});
const ms = performance.now() - start;
const status = await Deno.readTextFile("/proc/self/status");
const peakMiB = Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1]) / 1024;
console.log(JSON.stringify({ ms, read, peakMiB }));
