import { TextLineStream } from "@std/streams/text-line-stream";
import { classifyFolder } from "../../src/builds/classify_folder.ts";
import { ArchiveTree } from "../../src/demo/archive_tree.ts";
import { modernArchive } from "../servers/modern_archive.ts";
import { measure } from "./measure.ts";

/** As NB_PARALLEL_REQUESTS is by default. */
const PARALLEL = 8;

/** `archive-to-inventory` beside plain loops of `fetch`, its memory, and what it asks for. */
export async function run(args: string[]): Promise<void> {
  share();
  for (const latencyMs of [20, 0]) await beside(10, latencyMs);
  await large(Number(args[0] ?? 400));
}

/** How much of an archive is asked for. */
function share(): void {
  const { files } = modernArchive();
  const tree = new ArchiveTree(files);
  let [all, asked] = [0, 0];
  const walk = (folder: string, isWanted: boolean) => {
    all++;
    if (isWanted) asked++;
    for (const name of tree.list(folder)!.prefixes) {
      walk(folder + name, isWanted && classifyFolder(folder + name).kind === "open");
    }
  };
  walk("pub/firefox/", true);
  const percentage = (100 * asked / all).toFixed(0);
  console.log(`asks for ${asked} of ${all} folders of the tests' archive (${percentage} %)`);
}

/** The same folders with nothing but `fetch`, as many at once. */
async function beside(versions: number, latencyMs: number): Promise<void> {
  await using server = await startListings(versions, latencyMs);
  const crawl = await crawled(server.url);
  const folders = [...new Set(crawl.stdout.split("\n").map((line) => line.split('","')[1] ?? ""))]
    .filter((key) => key !== "").map((key) => key.slice(0, key.lastIndexOf("/") + 1));
  const began = performance.now();
  let next = 0;
  const loop = async () => {
    while (next < folders.length) {
      const headers = { accept: "application/json" };
      await (await fetch(server.url + folders[next++], { headers })).json();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, loop));
  const plain = folders.length / ((performance.now() - began) / 1000);
  const ours = crawl.listed / crawl.seconds;
  console.log(
    `${crawl.listed} folders, answers ${latencyMs} ms late: ${Math.round(ours)} folders/s, ` +
      `start of the process included; plain fetch ${Math.round(plain)}; ` +
      `${(100 * ours / plain).toFixed(0)} %`,
  );
}

async function large(versions: number): Promise<void> {
  await using server = await startListings(versions, 0);
  const cache = await Deno.makeTempDir();
  for (const run of ["first", "second"]) {
    const { listed, seconds, peakMiB, unchanged } = await crawled(server.url, cache);
    console.log(
      `${run} crawl: ${listed} folders listed, ${unchanged} unchanged, ${seconds.toFixed(1)} s, ` +
        `peak ${Math.round(peakMiB)} MiB`,
    );
  }
  const { size } = await Deno.stat(`${cache}/${(await only(cache)).name}`);
  console.log(`state: ${(size / 2 ** 20).toFixed(0)} MiB`);
  await Deno.remove(cache, { recursive: true });
}

async function only(folder: string): Promise<Deno.DirEntry> {
  for await (const entry of Deno.readDir(folder)) {
    if (/crawl.*\.sqlite$/.test(entry.name)) return entry;
  }
  throw new Error("no state");
}

async function crawled(url: string, given?: string) {
  const cache = given ?? await Deno.makeTempDir();
  const output = await Deno.makeTempFile();
  const program = ["deno", "run", "--allow-all", "--no-check", "main.ts", "archive-to-inventory"];
  const measured = await measure(
    // The shell gives its place to the command: what is measured is the command itself.
    ["sh", "-c", `exec "$@" > '${output}'`, "sh", ...program],
    {
      env: {
        ARCHIVE_URL: url,
        CACHE_FOLDER: cache,
        PRODUCTS: "firefox",
        NB_PARALLEL_REQUESTS: String(PARALLEL),
      },
    },
  );
  const stdout = given === undefined ? await Deno.readTextFile(output) : "";
  await Deno.remove(output);
  if (given === undefined) await Deno.remove(cache, { recursive: true });
  const [, listed, unchanged] = /= (\d+) listed \+ (\d+) unchanged/.exec(measured.stderr)!
    .map(Number) as [number, number, number];
  return { ...measured, stdout, listed, unchanged };
}

/** In a process of its own: it isn't what is measured. */
async function startListings(versions: number, latencyMs: number) {
  const server = new URL("listing_server.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", "--no-check", server, String(versions), String(latencyMs)],
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const url = (await lines.read()).value!;
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await lines.cancel();
      await child.status;
    },
  };
}
