import { ARCHIVE_SETTINGS, openArchive } from "../archive/open_archive.ts";
import type { ReleaseRecord } from "../builds/record.ts";
import { audit, auditSummary } from "../jobs/audit/audit.ts";
import { findingLines } from "../jobs/audit/finding_lines.ts";
import type { Ledger } from "../jobs/audit/ledger.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { inventoryOptions, requestsLine } from "../jobs/inventory_from_config.ts";
import { InventoryToRecords } from "../jobs/inventory_to_records.ts";
import { batches } from "../kinto/batches.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { KnownRecords } from "../kinto/known_records.ts";
import { Outcome } from "../kinto/outcome.ts";
import { publisher } from "../kinto/publisher.ts";
import { valid } from "../kinto/record_schema.ts";
import { refreshKnownRecords } from "../kinto/refresh_known_records.ts";
import { targetValidator } from "../kinto/target_validator.ts";
import { outputLines } from "../reporting/output_lines.ts";
import type { Command } from "./command.ts";
import { inventoryOf, SOURCE_FLAG, sourceFrom } from "./inventory_source.ts";
import { isTooStrange, STRICT } from "./strict.ts";

/** `audit`: what the archive has beside what is published. */
export const command: Command = {
  summary: "compare an archive with the collection: what is missing, gone, incomplete",
  description:
    `Reads an inventory, on stdin, plain or gzip, or from --source, and compares it with the
collection. It prints, for each product, channel and version, what is missing (in the archive, not
in the collection), gone (the reverse) and incomplete (without a build id), in as few lines as say
it: a whole platform is one line. Builds whose metadata the archive lacks are incomplete, no gap.

Exit code 1 when something is missing or gone, or is published without the build id that the archive
has. --fix publishes those that are missing; only what is left counts then.`,
  settings: [
    ...["serverUrl", "bucket", "collection", "auth", "inventories", "products"] as const,
    ...ARCHIVE_SETTINGS,
    "sizes",
    ...["batchMaxRequests", "csvDownloadDirectory", "s3Endpoint", "s3ForcePathStyle"] as const,
  ],
  flags: [
    SOURCE_FLAG,
    { name: "json", help: 'the ids, one {"id", "state"} a line' },
    { name: "fix", help: "publish what is missing" },
    STRICT,
  ],
  async run(context) {
    const { config, flags, log, signal, stdout } = context;
    const { bucket, collection, cacheFolder } = config;
    const to = { bucket, collection };
    const source = sourceFrom(context);
    const kinto = kintoFrom(config, log);
    const { batchMaxRequests } = await kinto.info();
    const validate = await targetValidator(kinto, to, log);
    using known = await KnownRecords.open({ folder: cacheFolder, server: kinto.url, ...to, log });
    await refreshKnownRecords(known, kinto, { ...to, log });
    // Only what is published needs exact sizes.
    const sizes = flags.fix ? config.sizes : "listed";
    using open = await openArchive({ ...config, sizes }, log);
    const options = { ...inventoryOptions(config, open, log, signal), modifiedSince: undefined };
    const job = new InventoryToRecords(options);
    const outcome = new Outcome((name, reason) => log.error(`Refused ${name}: ${reason}`));
    using _job = log.telemetry.follow(() => job.totals());
    using _outcome = log.telemetry.follow(() => outcome.totals());
    const fix = new TransformStream<ReleaseRecord, ReleaseRecord>({
      transform(record, controller) {
        outcome.read++;
        controller.enqueue(record);
      },
    });
    const publishing = flags.fix
      ? fix.readable.pipeThrough(valid(validate, outcome))
        .pipeThrough(batches(batchMaxRequests))
        .pipeTo(publisher(kinto, { to, outcome }))
      : undefined;
    const publish = publishing && fix.writable;
    const folder = cacheFolder;
    const auditing = audit(inventoryOf(source, context, open), {
      job,
      kinto,
      name: to,
      known,
      folder,
      publish,
      signal,
    });
    const [, found] = await Promise.all([publishing, auditing]);
    using _ = found;
    await ReadableStream.from(flags.json ? jsonLines(found.ledger) : textLines(found.ledger))
      .pipeTo(outputLines(stdout));
    log.print([...auditSummary(job, found, known), requestsLine(open)].join("\n"));
    if (flags.fix) log.print(`${outcome}`);
    if (job.failure !== undefined) log.error(`The inventory: ${reasonOf(job.failure)}`);
    const gone = found.ledger.count("gone");
    const gaps = found.ledger.count("missing") + found.withoutBuildId + gone - outcome.published;
    const isStrange = isTooStrange(job.counts.unknown.total, flags);
    return gaps > 0 || !found.isWhole || open.sizes.failures > 0 || isStrange ? 1 : 0;
  },
};

function* textLines(ledger: Ledger): Generator<string> {
  for (const state of ["missing", "gone", "incomplete"] as const) {
    for (const cells of ledger.matrices(state)) yield* findingLines(cells, state);
  }
}

function* jsonLines(ledger: Ledger): Generator<string> {
  for (const finding of ledger.findings()) yield JSON.stringify(finding);
}
