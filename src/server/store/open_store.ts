import { reasonOf } from "../../errors/reason_of.ts";
import { UsageError } from "../../errors/usage_error.ts";
import { Store } from "./store.ts";

/**
 * Opens the database file, and creates it when it isn't there.
 *
 * @throws {UsageError} when it can't be opened, or is something else
 */
export async function openStore(path: string): Promise<Store> {
  const { DatabaseSync } = await import("node:sqlite");
  try {
    return new Store(new DatabaseSync(path));
  } catch (error) {
    throw new UsageError(`Cannot open the database ${path}: ${reasonOf(error)}`);
  }
}
