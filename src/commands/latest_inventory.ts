import { counted } from "../errors/counted.ts";
import { interruptedAfter } from "../reporting/summary.ts";
import { inventoryPrefix } from "../inventory/inventories.ts";
import { inventorySummary, latestInventory } from "../inventory/latest_inventory.ts";
import { ObjectStore } from "../inventory/object_store.ts";
import { Progress, progressStyle } from "../reporting/progress.ts";
import { S3_INVENTORIES } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `latest-inventory`: the CSV of the newest S3 inventories. */
export const command = defineCommand({
  summary: "print the rows of the latest S3 inventories",
  operands: "[NAME…]",
  description:
    `Finds the newest manifest of each inventory (default: those in INVENTORIES), downloads the pieces
that it lists, checks their size and MD5, and writes their CSV to stdout; inventory-to-records reads
it. Nothing of a piece is written before all of it was checked. Pieces are kept for two days and
reused.

The summary counts: pieces = downloaded + reused; and the same in bytes.`,
  example: "buildhub latest-inventory firefox | buildhub inventory-to-records > records.jsonl",
  settings: S3_INVENTORIES,
  async run({ config, operands, log, stdout, signal, isTerminal }) {
    const names = operands.length > 0 ? [...new Set(operands)] : config.inventories;
    names.forEach(inventoryPrefix); // refuses wrong names before any work
    const style = progressStyle({ config, isTerminal });
    using store = await ObjectStore.open({
      endpoint: config.s3Endpoint,
      forcePathStyle: config.s3ForcePathStyle,
      retries: config.retries,
      timeoutMs: config.timeoutMs,
      maxWaitMs: config.maxWaitMs,
      signal,
      log,
    });
    for (const name of names) {
      const inventory = await latestInventory(name, store, {
        directory: config.csvDownloadDirectory,
      });
      const { manifest, counts } = inventory;
      try {
        const total = counts.sizeBytes;
        using progress = new Progress({ style, label: name, total });
        inventory.onProgress = ({ readBytes, downloadedBytes }) =>
          progress.update(readBytes, `${mebibytes(downloadedBytes)} downloaded`);
        await inventory.readable.pipeTo(stdout, { preventClose: true });
      } catch (error) {
        if (signal.aborted) {
          const { readBytes, sizeBytes } = counts;
          const done = `${readBytes} of ${counted(sizeBytes, "bytes")} of ${name}`;
          log.summary([interruptedAfter(done)]);
        }
        throw error;
      }
      log.summary([inventorySummary(manifest, counts)]);
    }
    return 0;
  },
});

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
