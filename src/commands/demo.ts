import { serveArchive } from "../demo/archive_server.ts";
import { serveS3 } from "../demo/s3_server.ts";
import { sampleArchive } from "../demo/sample_archive.ts";
import { INVENTORY_BUCKET, sampleInventory } from "../demo/sample_inventory.ts";
import { Http } from "../net/http.ts";
import { publishLatestInventories } from "../jobs/publish_latest_inventories.ts";
import { progressStyle } from "../reporting/progress.ts";
import type { Command, CommandContext } from "./command.ts";
import { command as serve } from "./serve.ts";

/** `demo`: the whole way from an archive to a catalogue, on this machine alone. */
export const command: Command = {
  summary: "index a sample archive that comes with the tool, and serve the catalogue",
  description: `Serves a small archive and its S3 inventory on this machine, in the layout of
archive.mozilla.org, starts the embedded server on a new file, and runs latest-inventory-to-kinto
on both. Then it goes on serving until Ctrl-C. Needs no network and leaves nothing behind.`,
  settings: ["port", "products", "parallelRequests"],
  flags: [{ name: "once", help: "end after counting what the catalogue has" }],
  async run(context) {
    const folder = await Deno.makeTempDir({ prefix: "buildhub-demo-" });
    try {
      return await demo(context, folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

async function demo(context: CommandContext, folder: string): Promise<number> {
  const { log, flags, signal } = context;
  const files = sampleArchive();
  await using archive = serveArchive({ files });
  await using s3 = serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(files) });
  const port = freePort(context.config.port);
  const config: CommandContext["config"] = {
    ...context.config,
    // What the environment says of real servers isn't meant for these.
    ...{ accountsFile: undefined, isReadonly: false, minAgeLastModifiedHours: 0 },
    ...{ host: "127.0.0.1", port, database: `${folder}/catalogue.sqlite`, auth: "user:pass" },
    ...{ serverUrl: `http://127.0.0.1:${port}/v1`, bucket: "build-hub", collection: "releases" },
    ...{ initializeServer: true, inventories: ["firefox", "archive"], archiveUrl: archive.url },
    ...{ s3Endpoint: s3.url, s3ForcePathStyle: true },
    ...{ cacheFolder: folder, csvDownloadDirectory: folder },
  };
  const ended = new AbortController();
  const serving = serve.run({ ...context, config, flags: {}, signal: ended.signal });
  try {
    await new Http({ backoffMs: 10, retries: 9 }).request(
      { url: `${config.serverUrl}/__lbheartbeat__` },
      async (response) => await response.body?.cancel(),
    );
    const { summary, failed, refused, published } = await publishLatestInventories(config, {
      log,
      style: progressStyle({ config, isTerminal: context.isTerminal }),
      signal,
    });
    log.print(summary.join("\n"));
    const { total, buildId } = await look(config.serverUrl);
    log.print(`The catalogue has ${total} records.`);
    if (failed > 0 || refused > 0 || total !== published) {
      log.error(`${published} records were published, the catalogue has ${total}`);
      return 1;
    }
    if (flags.once || signal.aborted) return 0;
    log.print(thingsToTry({ ...config, s3Url: s3.url, buildId }));
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return 0;
  } finally {
    ended.abort();
    await serving;
  }
}

/** The port that was asked for, or another one when somebody has it. */
function freePort(wanted: number): number {
  for (const port of [wanted, 0]) {
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

/** How many records there are, and the build id of the newest nightly, which has several builds. */
async function look(serverUrl: string): Promise<{ total: number; buildId: string }> {
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

The same in steps, as a pipe (--skip leaves alone what is there and equal):
  export ARCHIVE_URL=${archiveUrl} AWS_ENDPOINT_URL_S3=${s3Url} S3_FORCE_PATH_STYLE=true
  buildhub() { npx -y deno@${Deno.version.deno} task --quiet buildhub "$@"; }
  buildhub latest-inventory | buildhub inventory-to-records | buildhub to-kinto --skip --server ${serverUrl}

Look at it in a browser (until Ctrl-C):
  ${new URL("/", serverUrl)}`;
}
