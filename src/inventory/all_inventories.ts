import { latestInventory, type LatestInventoryOptions } from "./latest_inventory.ts";
import type { ObjectStore } from "./object_store.ts";

/**
 * The CSV of the newest inventories of these names, one after the other.
 *
 * @throws through the stream, as {@linkcode latestInventory} does
 */
export function allInventories(
  names: readonly string[],
  store: ObjectStore,
  options?: LatestInventoryOptions,
): ReadableStream<Uint8Array> {
  async function* pieces() {
    for (const name of names) yield* (await latestInventory(name, store, options)).readable;
  }
  return ReadableStream.from(pieces());
}
