import { recordPath } from "../../src/kinto/kinto_request.ts";
import { startKinto } from "../servers/kinto.ts";
import { run as runProgram } from "../servers/python.ts";
import { startServe } from "../servers/serve.ts";
import { fillKinto } from "./fill_kinto.ts";
import { headerOf, HttpConnection } from "./http_connection.ts";
import { measure } from "./measure.ts";
import { percentile } from "./percentile.ts";
import { cpuMicrosOf, peakMiBOf } from "./process_figures.ts";
import { sampleRecord } from "./sample_record.ts";

/** Reads per measured kind of request, and those before that warm the server. */
const READS = 5000;
const FIRST_READS = 1000;

const CLIENTS = 32;

/** Records that the real Kinto lists, for comparison. */
const KINTO_RECORDS = 20_000;

const AUTH = "user:pass";

const RELEASES = { bucket: "build-hub", collection: "releases" };

const RECORDS = `/v1${recordPath(RELEASES)}`;

/** Everything, in the order that is Kinto's fastest. */
const LIST = `${RECORDS}?_limit=1000`;

/** What is measured, as it is printed. */
type Reading = [name: string, path: (index: number) => string];

/**
 * `serve`, as a process of its own, on disk: `to-kinto` into it, reading at size, listing beside
 * real Kinto on PostgreSQL, starting, and memory.
 *
 * @param args the number of records to publish (50,000), and the size at which to read (1,000,000)
 */
export async function run([written = "50000", size = "1000000"]: string[]): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "serve-bench-" });
  try {
    const database = `${folder}/bench.sqlite`;
    {
      await using server = await startServe({ database });
      await publish(server, `${folder}/records.jsonl`, Number(written));
      await write(server.url, Number(written), Number(size));
      line("memory after writing", `${peakMiBOf(server.pid)} MiB at ${size} records`);
    }
    const began = performance.now();
    await using server = await startServe({ database });
    const first = await fetch(new URL(pathOf(0), server.url));
    await first.body?.cancel();
    line("start to first answer", `${Math.round(performance.now() - began)} ms`);
    await read(server, Number(size));
    const rate = await list(server.url, Number(size));
    line("memory after reading", `${peakMiBOf(server.pid)} MiB`);
    const kintoRate = await listKinto();
    line("listing, Kinto's", `${kintoRate} records/s; ${(rate / kintoRate).toFixed(1)} times that`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Server {
  url: string;
  pid: number;
}

/** `load`, then `to-kinto` with a file of records, as an operator runs them. */
async function publish({ url, pid }: Server, file: string, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) => JSON.stringify({ data: sampleRecord(n) }));
  await Deno.writeTextFile(file, lines.join("\n"));
  const env = { SERVER_URL: url, AUTH };
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const command = (name: string) => [Deno.execPath(), "run", "-A", "--no-check", main, name];
  await measure(command("load"), { env });
  const before = cpuMicrosOf(pid);
  const { seconds, peakMiB, stderr } = await measure(command("to-kinto"), { env, stdin: file });
  console.log(stderr.trim());
  line("to-kinto", `${Math.round(count / seconds)} records/s`);
  line("  server", `${Math.round((cpuMicrosOf(pid) - before) / count)} µs of CPU a record`);
  line("  memory", `publisher ${Math.round(peakMiB)} MiB, server ${peakMiBOf(pid)} MiB`);
}

/** Writes the records with these numbers, as fast as batches can. */
async function write(url: string, from: number, to: number): Promise<void> {
  const headers = { authorization: `Basic ${btoa(AUTH)}`, "content-type": "application/json" };
  for (let first = from; first < to; first += 200) {
    const requests = Array.from({ length: Math.min(200, to - first) }, (_, index) => {
      const data = sampleRecord(first + index);
      return { path: `${RECORDS}/${data.id}`, body: { data } };
    });
    const body = JSON.stringify({ defaults: { method: "PUT" }, requests });
    const response = await fetch(`${url}/batch`, { method: "POST", headers, body });
    const text = await response.text();
    if (!response.ok || /"status":[45]/.test(text)) throw new Error(text.slice(0, 500));
  }
}

function pathOf(number: number): string {
  return `${RECORDS}/${sampleRecord(number).id}`;
}

async function read({ url, pid }: Server, size: number): Promise<void> {
  // Far from each other, so that each asks for pages of the file that aren't in memory.
  const random = (index: number) => sampleRecord((index * 7919) % size);
  const readings: Reading[] = [
    // What HTTP takes by itself.
    ["(an empty answer)", () => "/v1/__lbheartbeat__"],
    ["by id", (index) => `${RECORDS}/${random(index).id}`],
    ["by build.id", (index) => `${RECORDS}?build.id=%22${random(index).build.id}%22`],
    ["filtered, sorted", (index) => {
      const { target, source } = random(index);
      return `${RECORDS}?target.channel=%22${target.channel}%22` +
        `&source.product=%22${source.product}%22&_sort=-download.date&_limit=20`;
    }],
    [
      "newest of a locale",
      (index) => `${RECORDS}?target.locale=%22${random(index).target.locale}%22&_limit=20`,
    ],
  ];
  for (const [name, path] of readings) {
    await timed(url, FIRST_READS, (index) => path(READS + index));
    const before = cpuMicrosOf(pid);
    const times = await timed(url, READS, path);
    const cpuMicros = Math.round((cpuMicrosOf(pid) - before) / READS);
    line(
      name,
      `p50 ${percentile(times, 50)} ms, p99 ${percentile(times, 99)} ms, ${CLIENTS} clients; ` +
        `${cpuMicros} µs of the server's CPU each`,
    );
  }
}

/** Milliseconds of each request, sent by many clients at once. */
async function timed(
  url: string,
  count: number,
  path: (index: number) => string,
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    using connection = await HttpConnection.open(url);
    while (next < count) {
      const index = next++;
      const began = performance.now();
      await connection.get(path(index));
      times.push(performance.now() - began);
    }
  }));
  return times;
}

/** Lists all records, 1,000 a page. @returns records a second */
async function list(url: string, size: number): Promise<number> {
  const pages = await pagesOf(url, LIST, size);
  const mean = (times: number[]) => times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const rate = Math.round(size / mean(pages) / pages.length * 1000);
  line("list all, 1,000 a page", `${rate} records/s`);
  const [head, tail] = [mean(pages.slice(0, 20)), mean(pages.slice(-20))];
  line(`page 1 and page ${pages.length}`, `${head.toFixed(1)} ms and ${tail.toFixed(1)} ms`);
  return rate;
}

/** The same of real Kinto on PostgreSQL. */
async function listKinto(): Promise<number> {
  await using kinto = await startKinto({ storage: "postgresql" });
  const env = { SERVER_URL: kinto.url, AUTH };
  const main = new URL("../../main.ts", import.meta.url).pathname;
  await runProgram(Deno.execPath(), ["run", "-A", "--no-check", main, "load"], { env });
  await fillKinto(kinto.databaseUrl!, RELEASES, KINTO_RECORDS);
  const pages = await pagesOf(kinto.url, LIST, KINTO_RECORDS);
  return Math.round(KINTO_RECORDS / pages.reduce((sum, ms) => sum + ms, 0) * 1000);
}

/** Milliseconds of each page of a list. @throws {Error} unless they hold so many records */
async function pagesOf(url: string, path: string, size: number): Promise<number[]> {
  using connection = await HttpConnection.open(url);
  const times: number[] = [];
  let listed = 0;
  for (let page: string | undefined = path; page !== undefined;) {
    const began = performance.now();
    const { head, body } = await connection.get(page);
    times.push(performance.now() - began);
    listed += JSON.parse(new TextDecoder().decode(body)).data.length;
    const next = headerOf(head, "next-page");
    page = next && next.slice(new URL(next).origin.length);
  }
  if (listed !== size) throw new Error(`${listed} records listed of ${size}`);
  return times;
}

function line(name: string, value: string): void {
  console.log(`${name.padEnd(28)} ${value}`);
}
