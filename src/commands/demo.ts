import { serveArchive } from "../demo/archive_server.ts";
import { serveS3 } from "../demo/s3_server.ts";
import { sampleArchive } from "../demo/sample_archive.ts";
import { INVENTORY_BUCKET, sampleInventory } from "../demo/sample_inventory.ts";
import { Http } from "../http.ts";
import type { Command, CommandContext } from "./command.ts";
import { publishLatest } from "./latest_inventory_to_kinto.ts";
import { command as serve } from "./serve.ts";

/** `demo`: the main job from end to end, on an archive that the project ships. */
export const command: Command = {
  summary: "index a sample archive that comes with the tool, and serve the catalogue",
  description: `Serves a small archive and its S3 inventory on this machine, in the layout of
archive.mozilla.org, starts the embedded server on a new file, and runs latest-inventory-to-kinto
on both. Then it goes on serving until Ctrl-C. Needs no network and leaves nothing behind.`,
  settings: ["port", "products", "parallelRequests"],
  flags: [{ name: "once", help: "end after the count has been checked" }],
  async run(context) {
    const { log, flags, signal } = context;
    const folder = await Deno.makeTempDir({ prefix: "buildhub-demo-" });
    const files = sampleArchive();
    const ended = new AbortController();
    try {
      await using archive = serveArchive({ files });
      await using s3 = serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(files) });
      const port = freePort(context.config.port);
      const config: CommandContext["config"] = {
        ...context.config,
        // Whatever the environment says of a real server isn't meant for this one.
        ...{ host: "127.0.0.1", port, database: `${folder}/catalogue.sqlite` },
        ...{ auth: "user:pass", accountsFile: undefined, isReadonly: false },
        ...{ bucket: "build-hub", collection: "releases", initializeServer: true },
        ...{ inventories: ["firefox", "archive"], minAgeLastModifiedHours: 0 },
        serverUrl: `http://127.0.0.1:${port}/v1`,
        archiveUrl: archive.url,
        s3Endpoint: s3.url,
        s3ForcePathStyle: true,
        cacheFolder: folder,
        csvDownloadDirectory: `${folder}/downloads`,
      };
      const serving = serve.run({ ...context, config, flags: {}, signal: ended.signal });
      await new Http({ backoffMs: 10, retries: 9 }).request(
        { url: `${config.serverUrl}/__lbheartbeat__` },
        async (response) => await response.body?.cancel(),
      );
      const { outcome, failed } = await publishLatest({ ...context, config, flags: {} });
      const count = await countOf(config.serverUrl);
      log.print(`\n${count} records are in the catalogue.`);
      if (failed > 0 || outcome.refused > 0 || count !== outcome.published) {
        log.error(`${outcome.published} records were published, the catalogue has ${count}`);
        return 1;
      }
      if (!flags.once && !signal.aborted) {
        log.print(thingsToTry(config.serverUrl, await oneBuildId(config.serverUrl)));
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      }
      ended.abort();
      await serving;
      return 0;
    } finally {
      ended.abort();
      await Deno.remove(folder, { recursive: true });
    }
  },
};

/** The port that was asked for, or another one when somebody has it. */
function freePort(wanted: number): number {
  for (const port of [wanted, 0]) {
    try {
      using listener = Deno.listen({ hostname: "127.0.0.1", port });
      return listener.addr.port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("No port of 127.0.0.1 is free");
}

const RECORDS = "/buckets/build-hub/collections/releases/records";

async function countOf(serverUrl: string): Promise<number> {
  const { headers } = await fetch(`${serverUrl}${RECORDS}`, { method: "HEAD" });
  return Number(headers.get("total-objects") ?? headers.get("total-records"));
}

/** The build id of the newest nightly: one that has several builds. */
async function oneBuildId(serverUrl: string): Promise<string> {
  const query = "?target.channel=nightly&_sort=-build.id&_limit=1";
  const { data: [record] } = await (await fetch(`${serverUrl}${RECORDS}${query}`)).json();
  return record.build.id;
}

function thingsToTry(serverUrl: string, buildId: string): string {
  return `
What is this build id? (%22 is a quote: Kinto takes bare digits for a number)
  curl '${serverUrl}${RECORDS}?build.id=%22${buildId}%22'
Which French releases are there, the newest first?
  curl '${serverUrl}${RECORDS}?target.locale=fr&target.channel=release&_sort=-download.date'
Records of your own, through the pipe:
  curl -s '${serverUrl}${RECORDS}?_limit=1' | jq -c '{data: .data[0] | del(.last_modified, .schema)}' |
    SERVER_URL=${serverUrl} deno task buildhub to-kinto

Serving until Ctrl-C.`;
}
