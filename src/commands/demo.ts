import { serveArchive } from "../demo/archive_server.ts";
import { sampleArchive } from "../demo/sample_archive.ts";
import { latestPieces, sampleInventory } from "../demo/sample_inventory.ts";
import type { Command } from "./command.ts";
import { command as inventoryToRecords } from "./inventory_to_records.ts";

/** `demo`: the main job on an archive that the project ships, without network. */
export const command: Command = {
  summary: "index a sample archive that comes with the tool",
  description:
    `Serves a small archive on this machine, in the layout of archive.mozilla.org, and turns its
S3 inventory into records, on stdout. Needs no network and leaves nothing behind.`,
  settings: ["products", "parallelRequests"],
  async run(context) {
    const files = sampleArchive();
    const objects = sampleInventory(files);
    await using archive = serveArchive({ files });
    const cacheFolder = await Deno.makeTempDir({ prefix: "buildhub-demo-" });
    try {
      return await inventoryToRecords.run({
        ...context,
        config: { ...context.config, archiveUrl: archive.url, cacheFolder },
        stdin: ReadableStream.from(
          ["firefox", "archive"].flatMap((name) => latestPieces(objects, name)),
        ),
      });
    } finally {
      await Deno.remove(cacheFolder, { recursive: true });
    }
  },
};
