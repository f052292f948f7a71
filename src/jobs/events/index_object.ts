import { summaryLine } from "../../reporting/summary.ts";
import { type Build, listedBuild } from "../../builds/build.ts";
import type { MetadataFile } from "../../builds/metadata_file.ts";
import type { Documents } from "../../archive/metadata_finder.ts";
import { buildsIn, metadataScope } from "../../archive/metadata_scope.ts";
import {
  describe,
  type Described,
  described,
  type RecordSources,
} from "../../archive/with_metadata.ts";
import { reasonOfReply } from "../../kinto/kinto_reply.ts";
import type { RecordWriter } from "../../kinto/record_writer.ts";
import type { Log } from "../../reporting/log.ts";
import type { Telemetry } from "../../reporting/telemetry.ts";
import type { CreatedObject } from "./notices.ts";
import { settleAll } from "./settle_all.ts";

/** What {@linkcode indexObject} works with; one set for all objects of an event. */
export interface IndexTools extends RecordSources {
  archive: Documents;
  writer: RecordWriter;
  counts: BuildCounts;
  log: Log;
}

/** Counts the builds of an event: builds = created + existing + incomplete + failed. */
export class BuildCounts {
  builds = 0;
  created = 0;
  existing = 0;
  /** Those without metadata, so far. */
  incomplete = 0;

  /** Adds them to the metrics. */
  tell(telemetry: Telemetry): void {
    const { created, existing, incomplete } = this;
    telemetry.count("buildhub.records", created, { result: "published" });
    telemetry.count("buildhub.records", existing, { result: "existing" });
    telemetry.count("buildhub.records", incomplete, { result: "incomplete" });
  }

  /** @returns `12 builds = 10 created + 1 existing + 1 incomplete + 0 failed` */
  toString(): string {
    const { builds, created, existing, incomplete } = this;
    const failed = builds - created - existing - incomplete;
    const parts = { created, existing, incomplete, failed };
    return summaryLine({ event: "builds", count: builds, parts });
  }
}

/**
 * Creates the records that an object makes possible: a build's own, or those of all builds that a
 * metadata document describes. One failed record or folder doesn't stop the others.
 *
 * @throws {AggregateError} or a single error, after everything else is done
 */
export async function indexObject(
  object: CreatedObject,
  verdict: Build | MetadataFile,
  tools: IndexTools,
): Promise<void> {
  if (verdict.kind === "metadata") return await indexMetadata(verdict, tools);
  const { archiveUrl, counts } = tools;
  const { sizeBytes, date } = object;
  counts.builds++;
  if (sizeBytes === undefined) throw new Error(`${verdict.id}: its size isn't told`);
  if (date === undefined) throw new Error(`${verdict.id}: its date isn't told`);
  const build = listedBuild(verdict, { archiveUrl, size: sizeBytes, date });
  await create(await describe(build, tools), tools);
}

async function indexMetadata(file: MetadataFile, tools: IndexTools): Promise<void> {
  const { archive, archiveUrl, finder, counts, log } = tools;
  const { path } = file;
  const metadata = await finder.document(path);
  if (!metadata) return log.warning(`${path} is no build metadata`);
  const folders = await metadataScope(file, metadata, archive);
  await settleAll(folders.map(async (folder) => {
    const builds = await buildsIn(folder, archive, archiveUrl);
    counts.builds += builds.length;
    await settleAll(builds.map(async (build) => {
      const found = { metadata, buildNumber: build.buildNumber };
      await create(await described(build, found, tools), tools);
    }));
  }));
}

async function create(
  described: Described,
  { writer, counts, log }: IndexTools,
): Promise<void> {
  const { id } = described.record;
  if (described.state !== "complete") {
    counts.incomplete++;
    return log.info(`${id} is incomplete: ${described.reason}`);
  }
  const reply = await writer.create(described.record);
  if (reply.status === 412) counts.existing++;
  else if (reply.status < 300) counts.created++;
  else throw new Error(`Refused ${id}: server replied ${reply.status} ${reasonOfReply(reply)}`);
}
