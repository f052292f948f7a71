import { summaryLine } from "../src/reporting/summary.ts";
import { counted } from "../src/errors/counted.ts";
import { archiveFrom } from "../src/archive/archive_from_config.ts";
import { MemoryCache } from "../src/archive/document_cache.ts";
import { ExactSizes } from "../src/archive/exact_sizes.ts";
import { MetadataFinder } from "../src/archive/metadata_finder.ts";
import type { Build } from "../src/builds/build.ts";
import { Classifier } from "../src/builds/classify.ts";
import type { MetadataFile } from "../src/builds/metadata_file.ts";
import type { ConfigOf } from "../src/settings/config.ts";
import type { S3_EVENT } from "../src/settings/setting_groups.ts";
import { reasonOf } from "../src/errors/reason_of.ts";
import { kintoFrom } from "../src/kinto/kinto_from_config.ts";
import type { Log } from "../src/reporting/log.ts";
import { RecordWriter } from "../src/kinto/record_writer.ts";
import { AnnouncedDocuments } from "../src/jobs/events/announced_documents.ts";
import { BuildCounts, indexObject, type IndexTools } from "../src/jobs/events/index_object.ts";
import { type CreatedObject, type Notice, noticesOf } from "../src/jobs/events/notices.ts";
import type { Handler, Invocation } from "./runtime.ts";
import { errorsOf } from "../src/jobs/events/settle_all.ts";

/** Thrown after everything that could be done was done: AWS then sends the event again. */
export class EventFailure extends Error {
  override name = "EventFailure";
  constructor(failures: readonly Failure[], readonly objects: number) {
    const [first] = failures;
    super(
      `${failures.length} of ${objects} objects failed: ${first?.name}: ${reasonOf(first?.error)}`,
      { cause: first?.error },
    );
  }
}

interface Failure {
  /** The object's path, or what it was instead of one. */
  name: string;
  messageId?: string;
  error: unknown;
}

interface Work {
  notice: Notice & CreatedObject;
  verdict: Build | MetadataFile;
}

/**
 * The function behind S3 events: creates the records of new builds, and of builds whose metadata is
 * new (docs/domain.md, "S3 events"). Nothing outlives an invocation, so nothing goes stale.
 *
 * From SQS it answers which messages are to come again; for others it throws {@linkcode
 * EventFailure}, after everything else was done.
 */
export function s3Event(config: ConfigOf<typeof S3_EVENT>): Handler {
  return async (event, invocation) => {
    const { log } = invocation;
    const notices = noticesOf(event);
    const classifier = new Classifier(config.products);
    const failures: Failure[] = [];
    const work: Work[] = [];
    let ignored = 0;
    const ignore = (reason: string) => {
      ignored++;
      log.info(`Ignored ${reason}`);
    };
    for (const notice of notices) {
      if (notice.kind === "created") {
        const { path, sizeBytes } = notice;
        const verdict = classifier.classify(path, sizeBytes);
        if (verdict.kind === "build" || verdict.kind === "metadata") work.push({ notice, verdict });
        else {
          ignore(`${path}: ${verdict.reason}`);
          if (verdict.kind === "unknown") tellUnknown(path, verdict.shape, log);
        }
      } else if (notice.kind === "ignored") ignore(notice.reason);
      else {
        const { reason, messageId } = notice;
        failures.push({ name: "unreadable", messageId, error: new Error(reason) });
        log.error(`Unreadable: ${reason}`);
      }
    }
    const counts = new BuildCounts();
    if (work.length > 0) failures.push(...await doAll(work, counts, config, invocation));
    const done = notices.length - ignored - failures.length;
    const results = { done, ignored, failed: failures.length };
    const sum = summaryLine({ event: "objects", count: notices.length, parts: results });
    const summary = `${sum}; ${counts}`;
    log.info(summary);
    for (const result of ["done", "ignored", "failed"] as const) {
      log.telemetry.count("buildhub.events", results[result], { result });
    }
    counts.tell(log.telemetry);
    return await answer(notices, failures, summary, invocation);
  };
}

function tellUnknown(path: string, shape: string, log: Log): void {
  log.warning(`No rule knows ${path}`, { shape });
  log.telemetry.count("buildhub.unknown", 1, {});
}

async function doAll(
  work: readonly Work[],
  counts: BuildCounts,
  config: ConfigOf<typeof S3_EVENT>,
  { deadline: signal, fetch, log }: Invocation,
): Promise<Failure[]> {
  const archive = archiveFrom(config, log, { signal, fetch });
  const documents = new AnnouncedDocuments({
    archive,
    announced: new Set(work.map(({ notice }) => notice.path)),
    signal,
    onMissing: (path, waitMs) => log.info(`Not readable yet: ${path}`, { waitMs }),
  });
  const { archiveUrl, sizes: form } = config;
  const sources = { cache: new MemoryCache(), log, signal, strict: true };
  const finder = new MetadataFinder({ ...sources, archive: documents });
  const sizes = new ExactSizes({ ...sources, archive, sizes: form });
  const writer = new RecordWriter(kintoFrom(config, log, { signal, fetch }), {
    to: config,
    batchSize: config.batchMaxRequests,
  });
  const tools: IndexTools = { archive: documents, archiveUrl, finder, sizes, writer, counts, log };
  const failures: Failure[] = [];
  await Promise.all(work.map(async ({ notice, verdict }) => {
    const { path: name, messageId } = notice;
    try {
      await indexObject(notice, verdict, tools);
    } catch (error) {
      const errors = errorsOf(error);
      const others = errors.filter((error) => error !== signal.reason);
      for (const other of others) log.error(`${name}: ${reasonOf(other)}`);
      const left = errors.length - others.length;
      if (left > 0) log.error(`Left at the deadline: ${counted(left, "parts")} of ${name}`);
      failures.push({ name, messageId, error: errors[0] });
    }
  }));
  return failures;
}

/** See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
async function answer(
  notices: readonly Notice[],
  failures: readonly Failure[],
  summary: string,
  { report }: Invocation,
): Promise<unknown> {
  const failure = failures.length > 0 ? new EventFailure(failures, notices.length) : undefined;
  if (failure && failures.some(({ messageId }) => messageId === undefined)) throw failure;
  if (!notices.some(({ messageId }) => messageId !== undefined)) return { summary };
  if (failure) await report(failure);
  const messageIds = new Set(failures.map(({ messageId }) => messageId));
  return { batchItemFailures: [...messageIds].map((itemIdentifier) => ({ itemIdentifier })) };
}
