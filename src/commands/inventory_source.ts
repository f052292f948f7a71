import { type Flag } from "../config.ts";
import { UsageError } from "../errors.ts";
import { allInventories } from "../inventory/all_inventories.ts";
import { inventoryPrefix } from "../inventory/inventories.ts";
import { ObjectStore } from "../inventory/object_store.ts";
import type { CommandContext } from "./command.ts";

/** An inventory's CSV, and what has to be closed after it was read. */
export interface OpenInventory extends AsyncDisposable {
  inventory: ReadableStream<Uint8Array>;
}

/** Where an inventory comes from, by what `--source` says. */
const SOURCES = new Map<string, (context: CommandContext) => Promise<OpenInventory>>([
  ["stdin", ({ stdin }) => Promise.resolve(opened(stdin))],
  ["s3", fromS3],
]);

/** The flag of commands that read an inventory. */
export const SOURCE_FLAG: Flag = {
  name: "source",
  value: "SOURCE",
  help: `where the inventory comes from: ${[...SOURCES.keys()].join(", ")} (default: stdin)`,
};

/** Opens what `--source` says. @throws {UsageError} when there is no such source */
export async function openInventory(context: CommandContext): Promise<OpenInventory> {
  const name = String(context.flags.source ?? "stdin");
  const open = SOURCES.get(name);
  if (open) return await open(context);
  throw new UsageError(`--source ${name} is none of ${[...SOURCES.keys()].join(", ")}`);
}

async function fromS3({ config, log, signal }: CommandContext): Promise<OpenInventory> {
  const { inventories, retries, timeoutMs, csvDownloadDirectory: directory } = config;
  inventories.forEach(inventoryPrefix); // wrong names are told before any work
  const store = await ObjectStore.open({
    endpoint: config.s3Endpoint,
    forcePathStyle: config.s3ForcePathStyle,
    ...{ retries, timeoutMs, signal, log },
  });
  return opened(allInventories(inventories, store, { directory }), store);
}

function opened(inventory: ReadableStream<Uint8Array>, store?: Disposable): OpenInventory {
  return { inventory, [Symbol.asyncDispose]: () => Promise.resolve(store?.[Symbol.dispose]()) };
}
