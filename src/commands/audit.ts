import { auditCollection } from "../jobs/audit/audit_collection.ts";
import { findingLines } from "../jobs/audit/finding_lines.ts";
import type { Ledger } from "../jobs/audit/ledger.ts";
import { UsageError } from "../errors/usage_error.ts";
import { outputLines } from "../reporting/output_lines.ts";
import { AUDIT } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";
import { SOURCE_FLAG, sourceFrom, STRICT_FLAG } from "./inventory_flags.ts";

/** `audit`: compares what the archive has with what is published. */
export const command = defineCommand({
  summary: "compare an archive with the collection: what is missing, gone, incomplete",
  description: `Reads an inventory from stdin, plain or gzip, or from --source, and compares it with
the collection. Prints what is missing (in the archive, not in the collection), gone (the reverse)
and incomplete (without a build id) for each product, channel and version, in as few lines as
possible: a whole platform is one line. Builds whose metadata the archive lacks are incomplete, which
is not a gap.

Exit code 1 when builds are missing or gone, or published without the build id that the archive has.
--fix publishes the missing ones, --prune --yes removes the records that are gone; then only what
remains counts. Before pruning, look at what is listed: an inventory that lacks a part of the archive,
as the S3 inventories lack all builds since April 2024, makes that part gone. A record that changes
meanwhile is kept, and nothing is removed when anything couldn't be read.`,
  example: "buildhub audit --source crawl --fix",
  settings: AUDIT,
  flags: [
    SOURCE_FLAG,
    { name: "json", help: 'print the ids, one {"id", "state"} per line' },
    { name: "fix", help: "publish what is missing" },
    { name: "prune", help: "list the records that are gone; with --yes, remove them" },
    { name: "yes", help: "remove what --prune lists" },
    STRICT_FLAG,
  ],
  async run({ config, flags, log, signal, stdin, stdout }) {
    const source = sourceFrom(flags);
    if (flags.yes && !flags.prune) throw new UsageError("--yes needs --prune");
    const { gaps, isWhole, sizeFailures, unknown } = await auditCollection(config, {
      inventory: source === "stdin" ? stdin : source,
      isFixing: flags.fix !== undefined,
      prune: flags.prune === undefined ? undefined : flags.yes ? "remove" : "list",
      onFindings: (ledger) =>
        ReadableStream.from(flags.json ? jsonLines(ledger) : textLines(ledger))
          .pipeTo(outputLines(stdout)),
      ...{ log, signal },
    });
    const isStrictFailure = flags.strict !== undefined && unknown > 0;
    return gaps > 0 || !isWhole || sizeFailures > 0 || isStrictFailure ? 1 : 0;
  },
});

function* textLines(ledger: Ledger): Generator<string> {
  for (const state of ["missing", "gone", "incomplete"] as const) {
    for (const cells of ledger.matrices(state)) yield* findingLines(cells, state);
  }
}

function* jsonLines(ledger: Ledger): Generator<string> {
  for (const finding of ledger.findings()) yield JSON.stringify(finding);
}
