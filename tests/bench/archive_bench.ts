import { TextLineStream } from "@std/streams/text-line-stream";
import { measure } from "./measure.ts";

/** A tenth of the real archive's builds. */
const BUILDS = 300_000;

/** Requests in flight while it's measured, as NB_PARALLEL_REQUESTS is by default. */
const PARALLEL = 8;

/**
 * A first crawl of an archive of the real one's shape, and the next one: requests, time, memory, and
 * how long the first would take where answers are slower. Argument: how many builds the archive has,
 * roughly; the real one has some three million.
 */
export async function run([builds = String(BUILDS)]: string[]): Promise<void> {
  await using archive = await startShape(builds);
  const cache = await Deno.makeTempDir();
  const rows = await Deno.makeTempFile();
  const env = {
    ...{ ARCHIVE_URL: archive.url, CACHE_FOLDER: cache, NB_PARALLEL_REQUESTS: String(PARALLEL) },
    PRODUCTS: "firefox thunderbird mobile devedition",
  };
  const program = ["deno", "run", "--allow-all", "--no-check", "main.ts", "archive-to-inventory"];
  for (const name of ["first", "next"]) {
    // The shell gives its place to the command: what is measured is the command itself.
    const command = ["sh", "-c", `exec "$@" > '${rows}'`, "sh", ...program];
    const { seconds, peakMiB, stderr } = await measure(command, { env });
    const requests = await archive.requests();
    const [, listed] = /= (\d+) rows/.exec(stderr) ?? [];
    console.log(
      `${name} crawl of ${archive.builds} builds: ${listed} rows, ${requests} requests, ` +
        `${seconds.toFixed(1)} s, peak ${Math.round(peakMiB)} MiB`,
    );
    if (name === "first") { for (const line of slower(requests, seconds)) console.log(line); }
  }
  let bytes = 0;
  for await (const { name } of Deno.readDir(cache)) {
    bytes += (await Deno.stat(`${cache}/${name}`)).size;
  }
  console.log(`state: ${Math.round(bytes / 2 ** 20)} MiB`);
  await Deno.remove(cache, { recursive: true });
  await Deno.remove(rows);
}

/**
 * From the number of requests alone: how long they take when each answer takes so long, and so many
 * are in flight. It takes at least as long as when answers come at once.
 */
function slower(requests: number, seconds: number): string[] {
  return [8, 64].flatMap((parallel) =>
    [20, 50, 100].map((latencyMs) => {
      const waiting = requests * latencyMs / 1000 / parallel;
      const all = Math.max(waiting, seconds);
      const duration = all < 3_600 ? `${Math.ceil(all / 60)} min` : `${(all / 3_600).toFixed(1)} h`;
      return `  ${latencyMs} ms an answer, ${parallel} requests at once: ${duration}`;
    })
  );
}

/** The archive, in a process of its own: it isn't what is measured. */
async function startShape(builds: string) {
  const server = new URL("archive_shape_server.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", "--no-check", server, builds, "0"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const stdin = child.stdin.getWriter();
  const [url = "", count = ""] = (await lines.read()).value!.split(" ");
  return {
    url,
    builds: Number(count),
    /** How many requests there were since it was called last. */
    async requests(): Promise<number> {
      await stdin.write(new TextEncoder().encode("\n"));
      return Number((await lines.read()).value);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await stdin.close().catch(() => {});
      await lines.cancel();
      await child.status;
    },
  };
}
