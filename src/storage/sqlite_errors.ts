/**
 * What an error of SQLite means. Deno's `node:sqlite` sets a code on some errors only, so the
 * message decides; SQLite's are stable: https://sqlite.org/rescode.html
 *
 * @module
 */
import { isDamagedCache } from "../errors/damaged_cache.ts";
import { reasonOf } from "../errors/reason_of.ts";

/** Whether the file is damaged, or isn't a database: recreating it helps. */
export function isDamage(error: unknown): boolean {
  return isDamagedCache(error) ||
    /malformed|not a database|disk image|unsupported file format|no such (table|column)|too big/
      .test(reasonOf(error));
}

/** Whether another process holds the lock for longer than the timeout. */
export function isLocked(error: unknown): boolean {
  return /database (table |schema )?is locked/.test(reasonOf(error));
}

/** What is wrong with a cache file, for people. */
export function readableReason(error: unknown): string {
  if (isLocked(error)) return "another run has locked it";
  const reason = reasonOf(error);
  return /is full|no space left/i.test(reason) ? "the disk is full" : reason;
}
