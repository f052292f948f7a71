import { conformanceInventory } from "../conformance.ts";
import { type Moto, startMoto } from "./moto.ts";

/** S3 with both worked inventories in it. */
export async function startInventories(): Promise<Moto> {
  const moto = await startMoto();
  for (const name of ["firefox", "archive"] as const) {
    const pieces = await conformanceInventory(name) as Uint8Array<ArrayBuffer>[];
    await moto.putInventory({ name, pieces });
  }
  return moto;
}
