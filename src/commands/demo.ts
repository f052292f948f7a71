import { demo } from "../demo/demo.ts";
import { progressStyle } from "../reporting/progress.ts";
import { defineCommand } from "./command.ts";

/** `demo`: everything from an archive to a catalogue, on this machine alone. */
export const command = defineCommand({
  summary: "index a sample archive that comes with the tool, and serve the catalogue",
  description:
    `Serves a small archive and its S3 inventory on this machine, in the layout of archive.mozilla.org,
starts the embedded server on a new file, and runs latest-inventory-to-kinto on both. Then it serves
the catalogue until Ctrl-C. It needs no network and removes its files at the end.`,
  example: "buildhub demo --port 8889",
  settings: ["port", "products", "parallelRequests"],
  flags: [{ name: "once", help: "end after counting the records in the catalogue" }],
  async run({ config, flags, log, signal, isTerminal }) {
    const folder = await Deno.makeTempDir({ prefix: "buildhub-demo-" });
    const style = progressStyle({ config, isTerminal });
    const isOnce = flags.once !== undefined;
    try {
      return await demo({ config, folder, isOnce, style, log, signal }) ? 0 : 1;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
