import { serveArchive } from "../demo/archive_server.ts";
import { serveS3 } from "../demo/s3_server.ts";
import { sampleArchive } from "../demo/sample_archive.ts";
import { INVENTORY_BUCKET, sampleInventory } from "../demo/sample_inventory.ts";
import { Accounts } from "../server/accounts.ts";
import { kintoServer } from "../server/kinto_server.ts";
import { openStore } from "../server/open_store.ts";
import type { Command, CommandContext } from "./command.ts";
import { publishLatest } from "./latest_inventory_to_kinto.ts";

/** `demo`: the whole way from an archive to a catalogue, on this machine alone. */
export const command: Command = {
  summary: "index a sample archive, and serve the catalogue",
  description: `Serves a small archive and its S3 inventory, in the layout of the real ones, and an
empty catalogue; publishes what the inventory lists; and keeps serving until Ctrl-C. Needs no
network and leaves nothing behind.`,
  settings: ["bucket", "collection", "products", "parallelRequests", "logLevel", "logFormat"],
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
  const { config, flags, log, signal } = context;
  const files = sampleArchive();
  await using archive = serveArchive({ files });
  await using s3 = serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(files) });
  using closing = new DisposableStack();
  const store = closing.adopt(await openStore(`${folder}/catalogue.sqlite`), (it) => it.close());
  await using kinto = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    kintoServer({
      store,
      accounts: new Accounts("user:pass"),
      settings: {
        paginateBy: config.paginateBy,
        batchMaxRequests: config.kintoBatchMaxRequests,
        isFlushEnabled: false,
        isReadonly: false,
      },
      onError: (error) => log.error(String(error)),
    }),
  );
  const serverUrl = `http://127.0.0.1:${kinto.addr.port}/v1`;
  const { outcome, failed } = await publishLatest({
    ...context,
    config: {
      ...config,
      serverUrl,
      auth: "user:pass",
      initializeServer: true,
      inventories: ["firefox", "archive"],
      archiveUrl: archive.url,
      s3Endpoint: s3.url,
      s3ForcePathStyle: true,
      cacheFolder: folder,
      csvDownloadDirectory: folder,
    },
  });
  const records = `${serverUrl}/buckets/${config.bucket}/collections/${config.collection}/records`;
  const { total, buildId } = await look(records);
  log.print(`The catalogue has ${total} records.`);
  if (failed > 0 || outcome.refused > 0 || total !== outcome.published) {
    log.error(`${outcome.published} records were published, the catalogue has ${total}`);
    return 1;
  }
  if (flags.once || signal.aborted) return 0;
  log.print(invitation({ records, buildId, serverUrl, archiveUrl: archive.url, s3Url: s3.url }));
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  return 0;
}

/** How many records there are, and the build id of one. */
async function look(records: string): Promise<{ total: number; buildId: string }> {
  const response = await fetch(`${records}?target.version=%2254.0%22&_limit=1`);
  const { data: [record] } = await response.json();
  const { headers } = await fetch(records, { method: "HEAD" });
  return { total: Number(headers.get("total-records")), buildId: record?.build.id ?? "" };
}

function invitation(
  { records, buildId, serverUrl, archiveUrl, s3Url }: Record<string, string>,
): string {
  return `
Which builds came of one run of the build machines? (%22 are the quotes of a string.)
  curl '${records}?build.id=%22${buildId}%22'

French Firefox 54 for each platform:
  curl '${records}?target.version=%2254.0%22&target.locale=fr&_sort=target.platform'

The same in steps, as a pipe (--skip leaves alone what is there and equal):
  export ARCHIVE_URL=${archiveUrl} AWS_ENDPOINT_URL_S3=${s3Url} S3_FORCE_PATH_STYLE=true
  buildhub() { deno task --quiet buildhub "$@"; }
  buildhub latest-inventory | buildhub inventory-to-records | buildhub to-kinto --skip --server ${serverUrl}

Serving until Ctrl-C.`;
}
