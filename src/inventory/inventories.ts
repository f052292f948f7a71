import { UsageError } from "../errors/usage_error.ts";

/** Where Mozilla publishes the inventories of its delivery buckets; anyone may read it. */
export const INVENTORY_BUCKET = "net-mozaws-prod-delivery-inventory-us-east-1";

/** The region of {@linkcode INVENTORY_BUCKET}. */
export const INVENTORY_REGION = "us-east-1";

/** The prefix of the keys that manifests list. */
export const PUBLIC_PREFIX = "public/";

/** The delivery bucket that an inventory lists: its name is in the inventory's rows. */
export function deliveryBucket(inventory: string): string {
  return `net-mozaws-prod-delivery-${inventory}`;
}

/**
 * The folder that holds one dated folder a day for this inventory.
 *
 * @param inventory `firefox` (pub/firefox/) or `archive` (everything else)
 * @throws {UsageError} when it can't be the name of an inventory
 *
 * @example
 * ```ts
 * import { inventoryPrefix } from "./inventories.ts";
 * const prefix = inventoryPrefix("firefox");
 * if (!prefix.endsWith("/net-mozaws-prod-delivery-firefox/delivery-firefox/")) throw new Error();
 * ```
 */
export function inventoryPrefix(inventory: string): string {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(inventory)) {
    throw new UsageError(
      `${JSON.stringify(inventory)} is no inventory's name, such as firefox or archive`,
    );
  }
  return `${PUBLIC_PREFIX}inventories/${deliveryBucket(inventory)}/delivery-${inventory}/`;
}
