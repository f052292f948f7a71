import { type Build, buildFrom, ignoredBecause } from "../../builds/build_url.ts";
import {
  buildhubMetadataOf,
  isCandidateMetadata,
  isNightlyMetadata,
} from "../../builds/metadata_file.ts";
import type { Documents } from "../../archive/metadata_finder.ts";
import { buildsIn, metadataScope } from "../../archive/metadata_scope.ts";
import { productAt } from "../../builds/products.ts";
import { isUnknownInstaller } from "../../builds/unknown_installer.ts";
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

/** What an object of the archive is to the index. */
export type Indexable = { build: Build } | { metadata: string } | NotIndexable;

/** An object that is ignored. */
export interface NotIndexable {
  ignored: string;
  /** Not on purpose: it looks like an installer that no rule knows. */
  unknown: boolean;
}

/** What {@linkcode indexObject} works with; one set for all objects of an event. */
export interface IndexTools extends RecordSources {
  archive: Documents;
  archiveUrl: string;
  writer: RecordWriter;
  counts: BuildCounts;
  log: Log;
}

/** What became of the builds of an event; builds = created + existing + incomplete + failed. */
export class BuildCounts {
  builds = 0;
  created = 0;
  existing = 0;
  /** Without metadata, so far. */
  incomplete = 0;

  /** Counts them where metrics are wanted. */
  tell(telemetry: Telemetry): void {
    const { created, existing, incomplete } = this;
    telemetry.count("buildhub.records", created, { result: "published" });
    telemetry.count("buildhub.records", existing, { result: "existing" });
    telemetry.count("buildhub.records", incomplete, { result: "incomplete" });
  }

  /** @returns `12 builds = 10 created + 1 existing + 1 incomplete + 0 failed` */
  toString(): string {
    const { builds, created, existing, incomplete } = this;
    return `${builds} builds = ${created} created + ${existing} existing + ` +
      `${incomplete} incomplete + ${builds - created - existing - incomplete} failed`;
  }
}

/** Tells what an object is from its path alone, without asking anybody. */
export function indexableFrom(
  { path, sizeBytes = 0 }: CreatedObject,
  { archiveUrl, products }: { archiveUrl: string; products: readonly string[] },
): Indexable {
  const product = productAt(path);
  if (product && !products.includes(product.key)) {
    return { ignored: "product not asked for", unknown: false };
  }
  const build = buildFrom(path, archiveUrl);
  if ("record" in build) return { build };
  if (
    isCandidateMetadata(path) || isNightlyMetadata(path) || buildhubMetadataOf(path) !== undefined
  ) return { metadata: path };
  const { reason, unknown = isUnknownInstaller(path, reason, sizeBytes, ignoredBecause) } = build;
  return { ignored: reason, unknown };
}

/**
 * Creates the records that an object makes possible: a build's own, or those of all builds that a
 * metadata document describes. One record or folder that fails doesn't stop the others.
 *
 * @throws {AggregateError} or a single error, after everything else was done
 */
export async function indexObject(
  object: CreatedObject,
  indexable: Exclude<Indexable, { ignored: string }>,
  tools: IndexTools,
): Promise<void> {
  if ("metadata" in indexable) return await indexMetadata(indexable.metadata, tools);
  const { build } = indexable;
  Object.assign(build.record.download, { size: object.sizeBytes, date: object.date });
  await create(build, () => describe(build, tools), tools);
}

async function indexMetadata(path: string, tools: IndexTools): Promise<void> {
  const { archive, archiveUrl, finder, sizes, log } = tools;
  const metadata = await finder.document(path);
  if (!metadata) return log.warning(`${path} is no build metadata`);
  const folders = await metadataScope(path, metadata, archive);
  await settleAll(folders.map(async (folder) => {
    const builds = await buildsIn(folder, archive, archiveUrl);
    await settleAll(builds.map((build) => {
      const found = { metadata, buildNumber: build.buildNumber };
      return create(build, () => described(build, found, sizes), tools);
    }));
  }));
}

async function create(
  build: Build,
  read: () => Promise<Described>,
  { writer, counts, log }: IndexTools,
): Promise<void> {
  counts.builds++;
  const { id, download: { size, date } } = build.record;
  if (size === undefined) throw new Error(`${id}: its size isn't told`);
  if (date === undefined) throw new Error(`${id}: its date isn't told`);
  const { record, incomplete } = await read();
  if (incomplete !== undefined) {
    counts.incomplete++;
    return log.info(`${id} is incomplete: ${incomplete}`);
  }
  const reply = await writer.create(record);
  if (reply.status === 412) counts.existing++;
  else if (reply.status < 300) counts.created++;
  else throw new Error(`Refused ${id}: server replied ${reply.status} ${reasonOfReply(reply)}`);
}
