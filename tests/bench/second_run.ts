import { measure, median } from "./measure.ts";
import { startMoto } from "../servers/moto.ts";
import { writeSomeBuilds } from "./inventory_files.ts";
import { startArchive } from "./start_archive.ts";

const ROUNDS = 3;

/**
 * The whole job a second time, when there is nothing new, beside reading the inventory alone: both
 * find all metadata in their cache.
 *
 * @param server SERVER_URL of an empty Kinto
 * @param rows of the inventory; 3 % of them are builds
 */
export async function secondRun(
  { server, auth, rows }: { server: string; auth: string; rows: number },
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const inventory = `${folder}/some.csv.gz`;
    const files = await writeSomeBuilds(inventory, rows);
    await using archive = await startArchive(`${folder}/tree.jsonl`, files);
    await using moto = await startMoto();
    await moto.putInventory({ name: "firefox", pieces: [await Deno.readFile(inventory)] });
    const env = {
      SERVER_URL: server,
      AUTH: auth,
      ARCHIVE_URL: archive.url,
      AWS_ENDPOINT_URL_S3: moto.url,
      S3_FORCE_PATH_STYLE: "true",
      INVENTORIES: "firefox",
      CACHE_FOLDER: `${folder}/cache`,
      CSV_DOWNLOAD_DIRECTORY: `${folder}/downloads`,
    };
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const run = (name: string, stdin?: string) => {
      const command = [Deno.execPath(), "run", "--allow-all", "--no-check", main, name];
      return measure(["sh", "-c", 'exec "$@" > /dev/null', "sh", ...command], { env, stdin });
    };
    const summary = ({ stderr }: { stderr: string }) => /^.* builds = .*$/m.exec(stderr)?.[0];
    const first = await run("latest-inventory-to-kinto");
    console.log(`first run: ${summary(first)}, ${first.seconds.toFixed(1)} s`);
    const again: number[] = [];
    const reading: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      reading.push((await run("inventory-to-records", inventory)).seconds);
      const second = await run("latest-inventory-to-kinto");
      if (round === 0) console.log(`second run: ${summary(second)}`);
      again.push(second.seconds);
    }
    console.log(
      `second run of ${rows} rows: ${median(again).toFixed(2)} s, reading the inventory ` +
        `${median(reading).toFixed(2)} s, ratio ${(median(again) / median(reading)).toFixed(2)}`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
