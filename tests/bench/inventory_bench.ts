import { writeNoBuilds, writeSomeBuilds } from "./inventory_files.ts";
import { measure, type Measured, median } from "./measure.ts";
import { startArchive } from "./start_archive.ts";

/** Pairs of runs whose ratios are taken: a machine's speed drifts. */
const RUNS = 5;

/** `inventory-to-records` beside `zcat … | wc -l`, on the same inventory. */
export async function run(args: string[]): Promise<void> {
  const rows = Number(args[0] ?? 1_000_000);
  const folder = await Deno.makeTempDir();
  try {
    const none = `${folder}/none.csv.gz`;
    await writeNoBuilds(none, rows);
    await compare("no row wanted", none, rows, { env: { ARCHIVE_URL: "http://127.0.0.1:9/" } });
    const some = `${folder}/some.csv.gz`;
    const files = await writeSomeBuilds(some, rows);
    await using archive = await startArchive(`${folder}/tree.jsonl`, files);
    await compare(`3 % builds, ${files.length} documents`, some, rows, {
      env: { ARCHIVE_URL: archive.url },
      after: async () => console.log(`  ${await archive.counts()}`),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function compare(
  title: string,
  inventory: string,
  rows: number,
  { env, after }: { env: Record<string, string>; after?: () => Promise<void> },
): Promise<void> {
  console.log(`\n${title}`);
  const ratios: number[] = [];
  const ours: Measured[] = [];
  for (let run = 0; run < RUNS; run++) {
    const peer = await measure(["sh", "-c", `zcat '${inventory}' | wc -l`]);
    const cache = await Deno.makeTempDir();
    const args = ["run", "--allow-all", "--no-check", "main.ts", "inventory-to-records"];
    const job = await measure(
      ["sh", "-c", 'exec "$@" > /dev/null', "sh", Deno.execPath(), ...args],
      {
        stdin: inventory,
        env: { ...env, CACHE_FOLDER: cache },
      },
    );
    await Deno.remove(cache, { recursive: true });
    if (run === 0) {
      console.log(
        job.stderr.split("\n").filter((line) => / = |requests/.test(line)).map((line) =>
          `  ${line}`
        ).join("\n"),
      );
    }
    if (run === 0) await after?.();
    ratios.push(job.seconds / peer.seconds);
    ours.push(job);
  }
  const seconds = median(ours.map((job) => job.seconds));
  const peakMiB = Math.max(...ours.map((job) => job.peakMiB));
  console.log(
    `  ${seconds.toFixed(2)} s, ${Math.round(rows / seconds)} rows/s, peak ${
      Math.round(peakMiB)
    } MiB, ` +
      `${median(ratios).toFixed(2)} times zcat (${Math.min(...ratios).toFixed(2)} to ${
        Math.max(...ratios).toFixed(2)
      })`,
  );
}
