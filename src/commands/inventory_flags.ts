import type { Flag } from "../settings/read_arguments.ts";
import { UsageError } from "../errors/usage_error.ts";

/** Where an inventory comes from, as `--source` names it. */
export const SOURCES = ["stdin", "s3", "crawl", "bucket", "product-details"] as const;

/** One of {@linkcode SOURCES}. */
export type SourceName = typeof SOURCES[number];

/** The option of commands that read an inventory from stdin or elsewhere. */
export const SOURCE_FLAG: Flag = {
  name: "source",
  value: "SOURCE",
  help: `where the inventory comes from: ${SOURCES.join(", ")} (default: stdin)`,
};

/** The value of `--source`. @throws {UsageError} when there is no such source */
export function sourceFrom(flags: Record<string, string | true>): SourceName {
  const text = String(flags.source ?? "stdin");
  const name = SOURCES.find((known) => known === text);
  if (name === undefined) {
    throw new UsageError(`--source ${text} is none of ${SOURCES.join(", ")}`);
  }
  return name;
}

/** The switch of commands that read an inventory. */
export const STRICT_FLAG: Flag = {
  name: "strict",
  help: "exit code 1 when there are files of a layout that no rule knows",
};
