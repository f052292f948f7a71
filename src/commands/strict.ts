import type { Flag } from "../settings/config.ts";

/** The switch of every job that reads an inventory. */
export const STRICT: Flag = {
  name: "strict",
  help: "exit code 1 when there are files of a layout that no rule knows",
};

/** Whether so many unknown files make the exit code 1. */
export function isTooStrange(unknown: number, flags: Record<string, string | true>): boolean {
  return flags.strict !== undefined && unknown > 0;
}
