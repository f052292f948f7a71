import { counted } from "../errors/counted.ts";
import { INVENTORY_BUCKET } from "../inventory/inventories.ts";
import { publishLatestInventories } from "../jobs/publish_latest_inventories.ts";
import { serve } from "../jobs/serve.ts";
import { Http } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import type { ProgressStyle } from "../reporting/progress.ts";
import type { Config } from "../settings/config.ts";
import { defaultsOf } from "../settings/read_arguments.ts";
import { PUBLISH_LATEST, SERVE } from "../settings/setting_groups.ts";
import { serveArchive } from "./archive_server.ts";
import { serveS3 } from "./s3_server.ts";
import { sampleArchive } from "./sample_archive.ts";
import { sampleInventory } from "./sample_inventory.ts";

/** How a {@linkcode demo} runs. */
export interface DemoOptions {
  /** The preferred settings; another port is taken when this one is in use. */
  config: Pick<Config, "port" | "products" | "parallelRequests">;
  /** The folder of all files. */
  folder: string;
  /** End once the catalogue is filled, instead of serving until the signal. */
  isOnce: boolean;
  style: ProgressStyle;
  log: Log;
  signal: AbortSignal;
}

/**
 * Serves a sample archive, its S3 inventory and the embedded server on this machine, and publishes
 * the archive's builds.
 *
 * @returns whether everything was published
 */
export async function demo(
  { config: preferred, folder, isOnce, style, log, signal }: DemoOptions,
): Promise<boolean> {
  const files = sampleArchive();
  await using archive = serveArchive({ files });
  await using s3 = serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(files) });
  const port = freePort(preferred.port);
  const serverUrl = `http://127.0.0.1:${port}/v1`;
  const config = {
    ...defaultsOf([...SERVE, ...PUBLISH_LATEST]),
    ...preferred,
    ...{ port, serverUrl, archiveUrl: archive.url, s3Endpoint: s3.url, s3ForcePathStyle: true },
    ...{ database: `${folder}/catalogue.sqlite`, cacheFolder: folder },
    csvDownloadDirectory: folder,
  };
  const ended = new AbortController();
  const serving = serve(config, { log, signal: ended.signal });
  try {
    await new Http({ backoffMs: 10, retries: 9 }).request(
      { url: `${serverUrl}/__lbheartbeat__` },
      async (response) => await response.body?.cancel(),
    );
    const result = await publishLatestInventories(config, { log, style, signal });
    const { summary, failed, refused, unfetched, published } = result;
    log.summary(summary);
    const { total, buildId } = await countRecords(serverUrl);
    log.print(`The catalogue has ${counted(total, "records")}.`);
    if (failed + refused + unfetched > 0 || total !== published) {
      log.error(`${published} records were published, the catalogue has ${total}`);
      return false;
    }
    if (isOnce || signal.aborted) return true;
    log.print(thingsToTry({ serverUrl, archiveUrl: archive.url, s3Url: s3.url, buildId }));
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return true;
  } finally {
    ended.abort();
    await serving;
  }
}

/** The preferred port, or another one when it's in use. */
function freePort(preferred: number): number {
  for (const port of [preferred, 0]) {
    try {
      // Not with "using": the bundler inlines a variable that is used once, and never closes it.
      const listener = Deno.listen({ hostname: "127.0.0.1", port });
      listener.close();
      return listener.addr.port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("No port of 127.0.0.1 is free");
}

const RECORDS = "/buckets/build-hub/collections/releases/records";

/** The number of records, and the build id of the newest nightly, which has several builds. */
async function countRecords(serverUrl: string): Promise<{ total: number; buildId: string }> {
  const records = `${serverUrl}${RECORDS}`;
  const newest = await fetch(`${records}?target.channel=nightly&_sort=-build.id&_limit=1`);
  const { data: [record] } = await newest.json();
  const { headers } = await fetch(records, { method: "HEAD" });
  return { total: Number(headers.get("total-records")), buildId: record?.build.id ?? "" };
}

function thingsToTry(
  { serverUrl, archiveUrl, s3Url, buildId }: Record<
    "serverUrl" | "archiveUrl" | "s3Url" | "buildId",
    string
  >,
): string {
  return `
What is this build id? (%22 is a quote: Kinto takes bare digits for a number)
  curl '${serverUrl}${RECORDS}?build.id=%22${buildId}%22'

French releases, the newest first:
  curl '${serverUrl}${RECORDS}?target.locale=fr&target.channel=release&_sort=-download.date'

The same in steps, as a pipe (--skip skips records that the collection already has):
  export ARCHIVE_URL=${archiveUrl} AWS_ENDPOINT_URL_S3=${s3Url} S3_FORCE_PATH_STYLE=true
  buildhub() { npx -y deno@${Deno.version.deno} task --quiet buildhub "$@"; }
  buildhub latest-inventory | buildhub inventory-to-records | buildhub to-kinto --skip --server ${serverUrl}

Look at it in a browser (until Ctrl-C):
  ${new URL("/", serverUrl)}`;
}
