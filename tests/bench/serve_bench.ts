import { sampleRecord } from "./sample_record.ts";
import { percentile } from "./percentile.ts";

/** Reads per measured kind of request. */
const READS = 3000;

const CLIENTS = 32;

const RECORDS = "/buckets/b/collections/releases/records";

const AUTHORIZATION = `Basic ${btoa("user:bench-password")}`;

/**
 * `serve`, as a process of its own, on disk: writing through batches, reading at size, listing,
 * starting, and its memory.
 *
 * @param args the number of records to write (50,000), and the size at which to read (1,000,000)
 */
export async function run([written = "50000", size = "1000000"]: string[]): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "serve-bench-" });
  try {
    const database = `${folder}/bench.sqlite`;
    let server = await start(database);
    await create(server.url);

    const seconds = await write(server.url, 0, Number(written));
    line("write through batches", `${Math.round(Number(written) / seconds)} records/s`);
    await write(server.url, Number(written), Number(size));
    line("memory after writing", `${await server.peakMiB()} MiB at ${size} records`);
    await server.stop();

    const began = performance.now();
    server = await start(database);
    const first = await fetch(`${server.url}/buckets/b/collections/releases/records/record-1`);
    await first.body?.cancel();
    line("start to first answer", `${Math.round(performance.now() - began)} ms`);
    await read(server.url, Number(size));
    line("memory after reading", `${await server.peakMiB()} MiB`);
    await server.stop();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Server {
  url: string;
  stop: () => Promise<void>;
  /** The most memory that the process ever held, in MiB. */
  peakMiB: () => Promise<number>;
}

async function start(database: string): Promise<Server> {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", main, "serve", "--port", "0", "--database", database],
    env: { AUTH: "user:bench-password" },
    stderr: "piped",
  }).spawn();
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  let url: string | undefined;
  while (url === undefined) {
    const { value, done } = await reader.read();
    if (done) throw new Error(said);
    said += value;
    url = /at (http:\S+\/v1)\//.exec(said)?.[1];
  }
  return {
    url,
    stop: async () => {
      process.kill("SIGTERM");
      await process.status;
      await reader.cancel();
    },
    peakMiB: async () => {
      const status = await Deno.readTextFile(`/proc/${process.pid}/status`);
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
    },
  };
}

async function create(url: string): Promise<void> {
  const initialization = {
    "/buckets/b": { permissions: { read: ["system.Everyone"] } },
    "/buckets/b/collections/releases": {},
  };
  for (const [path, body] of Object.entries(initialization)) {
    await send(`${url}${path}`, "PUT", body);
  }
}

async function send(url: string, method: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { authorization: AUTHORIZATION, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok || /"status":[45]/.test(text)) throw new Error(text.slice(0, 500));
}

/** Writes the records with these numbers, four batches at a time. @returns seconds */
async function write(url: string, from: number, to: number): Promise<number> {
  const began = performance.now();
  let next = from;
  async function writer(): Promise<void> {
    while (next < to) {
      const first = next;
      next = Math.min(to, first + 200);
      const requests = Array.from({ length: next - first }, (_, index) => {
        const record = sampleRecord(first + index);
        return {
          path: `${RECORDS}/${record.id}`,
          body: { data: record },
        };
      });
      await send(`${url}/batch`, "POST", { defaults: { method: "PUT" }, requests });
    }
  }
  await Promise.all(Array.from({ length: 4 }, writer));
  return (performance.now() - began) / 1000;
}

async function read(url: string, size: number): Promise<void> {
  const random = (index: number) => sampleRecord((index * 7919) % size);
  const kinds: Record<string, (index: number) => string> = {
    // What the machine, HTTP and the measuring client take by themselves.
    "(an empty answer)": () => "/__lbheartbeat__",
    "by id": (index) => `${RECORDS}/${random(index).id}`,
    "by build.id": (index) => `${RECORDS}?build.id="${random(index).build.id}"`,
    "filtered, sorted": (index) =>
      `${RECORDS}?target.channel="${random(index).target.channel}"` +
      `&source.product="${random(index).source.product}"&_sort=-download.date&_limit=20`,
    "newest of a locale": (index) =>
      `${RECORDS}?target.locale="${random(index).target.locale}"&_limit=20`,
  };
  for (const [name, query] of Object.entries(kinds)) {
    const times = await timed(READS, (index) => url + query(index));
    line(
      name,
      `p50 ${percentile(times, 50)} ms, p99 ${percentile(times, 99)} ms, ${CLIENTS} clients`,
    );
  }

  let page: string | null = `${url}${RECORDS}?_limit=1000&_sort=-download.date`;
  const pages: number[] = [];
  const began = performance.now();
  let listed = 0;
  while (page !== null) {
    const start = performance.now();
    const response: Response = await fetch(page);
    const { data } = await response.json();
    listed += data.length;
    pages.push(performance.now() - start);
    page = response.headers.get("next-page");
  }
  if (listed !== size) throw new Error(`${listed} records listed of ${size}`);
  const rate = Math.round(listed / ((performance.now() - began) / 1000));
  line("list all, 1,000 a page", `${rate} records/s`);
  const mean = (times: number[]) => times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const [head, tail] = [mean(pages.slice(0, 20)), mean(pages.slice(-20))];
  line(`page 1 and page ${pages.length}`, `${head.toFixed(1)} ms and ${tail.toFixed(1)} ms`);
}

/** Milliseconds of each request, sent by many clients at once. */
async function timed(count: number, url: (index: number) => string): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  async function client(): Promise<void> {
    while (next < count) {
      const index = next++;
      const began = performance.now();
      const response = await fetch(url(index));
      const text = await response.text();
      times.push(performance.now() - began);
      if (!response.ok) throw new Error(text);
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return times;
}

function line(name: string, value: string): void {
  console.log(`${name.padEnd(28)} ${value}`);
}
