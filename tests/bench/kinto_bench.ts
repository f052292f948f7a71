import { batches } from "../../src/kinto/batches.ts";
import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { recordPath } from "../../src/kinto/kinto_request.ts";
import { load } from "../../src/kinto/load.ts";
import { Outcome } from "../../src/kinto/outcome.ts";
import { publisher } from "../../src/kinto/publisher.ts";
import { type Kinto as KintoServer, startKinto } from "../servers/kinto.ts";
import { run as runProgram } from "../servers/python.ts";
import { median } from "./measure.ts";
import { fillKinto } from "./fill_kinto.ts";
import { plainLoad } from "./plain_loader.ts";
import { sampleRecord } from "./sample_record.ts";
import { secondRun } from "./second_run.ts";

const AUTH = "user:pass";
const BATCH_MAX_REQUESTS = 200;
/** Of measurements whose median counts. */
const ROUNDS = 3;
const PLAIN_LOADERS = [[1, 200], [3, 25], [4, 50]] as const;

/**
 * Real Kinto on PostgreSQL: the publisher beside a plain loader, bringing the known state up to date
 * beside paging with curl, and the whole job when there is nothing new.
 *
 * @param args records that each loader writes a round, rounds, records that exist when the state is
 * read, and rows of the inventory that is read twice
 */
export async function run(args: string[]): Promise<void> {
  const [records = 4000, rounds = 2, known = 100_000, rows = 100_000] = args.map(Number);
  await using server = await startKinto({
    storage: "postgresql",
    settings: { "kinto.batch_max_requests": String(BATCH_MAX_REQUESTS) },
  });
  await publishing(server, records, rounds);
  await refreshing(server, known);
  await secondRun({ server: server.url, auth: AUTH, rows });
}

async function publishing(server: KintoServer, count: number, rounds: number): Promise<void> {
  const kinto = new Kinto({ url: server.url, auth: AUTH });
  const headers = { "authorization": `Basic ${btoa(AUTH)}`, "content-type": "application/json" };
  const records = Array.from({ length: count }, (_, number) => sampleRecord(number));
  let collections = 0;
  const measure = async (name: string, write: (to: Target) => Promise<number>) => {
    const to = { bucket: "build-hub", collection: `releases${collections++}` };
    await load(kinto, await initialization(to));
    const ms = await write(to);
    const { headers } = await kinto.request({ method: "HEAD", path: recordPath(to) });
    const stored = Number(headers.get("total-objects"));
    const sentRate = count / ms * 1000;
    console.log(
      `${name}: ${sentRate.toFixed(0)} records/s sent, ` +
        `${(stored / ms * 1000).toFixed(0)} records/s stored, ${count - stored} lost`,
    );
    return { sent: sentRate, stored: stored / ms * 1000 };
  };
  const plainBest = { sent: 0, stored: 0 };
  let ownBest = 0;
  for (let round = 0; round < rounds; round++) {
    const own = await measure("publisher", async (to) => {
      const start = performance.now();
      const outcome = new Outcome();
      await ReadableStream.from(records).pipeThrough(batches(BATCH_MAX_REQUESTS))
        .pipeTo(publisher(kinto, { to, outcome }));
      if (outcome.published !== count) throw new Error(`${outcome}`);
      return performance.now() - start;
    });
    ownBest = Math.max(ownBest, own.stored);
    for (const [parallel, size] of PLAIN_LOADERS) {
      const plain = await measure(`plain loader ${parallel}×${size}`, (to) => {
        const collectionUrl = `${server.url}/buckets/${to.bucket}/collections/${to.collection}`;
        return plainLoad({ collectionUrl, headers, records, parallel, size });
      });
      plainBest.sent = Math.max(plainBest.sent, plain.sent);
      plainBest.stored = Math.max(plainBest.stored, plain.stored);
    }
  }
  console.log(
    `publisher / best plain loader: ${(ownBest / plainBest.stored).toFixed(2)} (at least 0.95) ` +
      `by what is stored, ${(ownBest / plainBest.sent).toFixed(2)} by what is sent, lost or not`,
  );
}

interface Target {
  bucket: string;
  collection: string;
}

/** What a process that brings the state up to date says of itself. */
interface Refreshed {
  ms: number;
  read: number;
  peakMiB: number;
}

async function refreshing(server: KintoServer, count: number): Promise<void> {
  const to = { bucket: "build-hub", collection: "existing" };
  await load(new Kinto({ url: server.url, auth: AUTH }), await initialization(to));
  await fillKinto(server.databaseUrl!, to, count);
  const folder = await Deno.makeTempDir();
  try {
    const script = new URL("refresh_known_records.ts", import.meta.url).pathname;
    const refresh = async (name: string) => {
      const args = ["run", "-A", script, server.url, `${folder}/${name}`];
      return JSON.parse(await runProgram(Deno.execPath(), args)) as Refreshed;
    };
    const curl: number[] = [];
    const first: Refreshed[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      curl.push(await pageWithCurl(server.url, recordPath(to)));
      first.push(await refresh(`${round}`));
    }
    const curlMs = median(curl);
    const ms = median(first.map((refreshed) => refreshed.ms));
    const peakMiB = Math.max(...first.map((refreshed) => refreshed.peakMiB));
    console.log(
      `state of ${count} records: read in ${ms.toFixed(0)} ms, paging with curl ` +
        `${curlMs.toFixed(0)} ms, ratio ${(ms / curlMs).toFixed(2)} (at most 1.1); ` +
        `${peakMiB.toFixed(0)} MiB at most (at most 200)`,
    );
    const next = await refresh("0");
    console.log(`the next time: ${next.read} read in ${next.ms.toFixed(0)} ms`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function pageWithCurl(server: string, path: string): Promise<number> {
  const start = performance.now();
  await runProgram("bash", [
    "-euc",
    `next="$1"
     while [ -n "$next" ]; do
       next=$(curl --silent --fail --user "$2" --dump-header - --output /dev/null "$next" |
         tr -d '\\r' | sed -n 's/^[Nn]ext-[Pp]age: //p')
     done`,
    ...["bash", `${server}${path}`, AUTH],
  ]);
  return performance.now() - start;
}
