import type { OpenArchive } from "../archive/open_archive.ts";
import type { Flag } from "../settings/config.ts";
import { UsageError } from "../errors/usage_error.ts";
import { inventoryPrefix } from "../inventory/inventories.ts";
import { openCrawl, openS3, type OpenSources } from "../jobs/inventory_source.ts";
import type { CommandContext } from "./command.ts";

/** Where an inventory comes from, by what `--source` says. */
export const SOURCES = ["stdin", "s3", "crawl"] as const;

/** One of {@linkcode SOURCES}. */
export type SourceName = typeof SOURCES[number];

/** The flag of commands that read an inventory on stdin, or from elsewhere. */
export const SOURCE_FLAG: Flag = {
  name: "source",
  value: "SOURCE",
  help: `where the inventory comes from: ${SOURCES.join(", ")} (default: stdin)`,
};

/** What `--source` says. @throws {UsageError} when there is no such source */
export function sourceFrom({ config, flags }: CommandContext): SourceName {
  const text = String(flags.source ?? "stdin");
  const name = SOURCES.find((known) => known === text);
  if (name === undefined) {
    throw new UsageError(`--source ${text} is none of ${SOURCES.join(", ")}`);
  }
  if (name === "s3") config.inventories.forEach(inventoryPrefix);
  return name;
}

/**
 * The CSV of a source, all its inventories one after the other. What a source lacks makes the stream
 * fail, after all that it has.
 */
export function inventoryOf(
  name: SourceName,
  { config, log, signal, stdin }: CommandContext,
  open: OpenArchive,
): ReadableStream<Uint8Array> {
  if (name === "stdin") return stdin;
  return ReadableStream.from((async function* () {
    using sources: OpenSources = name === "s3"
      ? await openS3(config, log, signal)
      : await openCrawl(config, open, log, signal);
    for (const source of sources.inventories) {
      const inventory = await source.open();
      yield* inventory.readable;
      log.print(inventory.summary());
      const failure = inventory.failure();
      if (failure) throw failure;
    }
  })());
}
