import { reasonOf } from "../errors/reason_of.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import type { Log } from "../reporting/log.ts";
import type { Archive } from "./archive.ts";
import {
  type BuildMetadata,
  metadataFromJson,
  metadataFromText,
} from "../builds/build_metadata.ts";
import type { Build } from "../builds/build.ts";
import type { DocumentCache } from "./document_cache.ts";
import { highestBuild, type Listing } from "./listing.ts";
import { BUILDHUB_JSON } from "../builds/metadata_file.ts";
import { type MetadataPlace, metadataPlace } from "../builds/metadata_place.ts";

/** Metadata, and the number of the candidate that it was found in. */
export interface FoundMetadata {
  metadata: BuildMetadata;
  buildNumber?: number;
}

/** Where documents and listings come from: the archive, or a wrapper around it. */
export type Documents = Pick<Archive, "url" | "json" | "text" | "listing">;

/** What a {@linkcode MetadataFinder} works with. */
export interface MetadataFinderOptions {
  archive: Documents;
  cache: DocumentCache;
  log: Log;
  /** Once it's aborted, its reason is thrown; the failed document isn't counted. */
  signal?: AbortSignal;
  /**
   * Throws every failure, so that the caller can retry the job. A document that isn't what it should
   * be counts as missing nevertheless. @default {false}
   */
  strict?: boolean;
}

/** Capacity of the cache in memory: the builds of one folder share few documents. */
const MAX_RECENT = 2_000;

/**
 * Finds the metadata of builds (docs/domain.md, "Where the metadata lies"). Each document and folder is
 * requested once per run, even when many builds need it at the same time. What is missing or can't
 * be fetched is requested again in the next run.
 */
export class MetadataFinder {
  readonly #options: MetadataFinderOptions;
  readonly #recent = new Map<string, Promise<BuildMetadata | undefined>>();
  /** Never evicted, so that a slow document isn't requested twice. */
  readonly #inFlight = new Map<string, Promise<BuildMetadata | undefined>>();
  /** The highest candidate by version folder. Kept for this run only: there may be a newer one. */
  readonly #highest = new Map<string, Promise<number | undefined>>();
  #pending = 0;
  #failures = 0;

  constructor(options: MetadataFinderOptions) {
    this.#options = options;
  }

  /** How many documents and folders are being fetched. */
  get pending(): number {
    return this.#pending;
  }

  /** How many documents and folders couldn't be fetched or read. */
  get failures(): number {
    return this.#failures;
  }

  /** The metadata of a build; undefined when the archive has none, or it can't be fetched. */
  async find(build: Build): Promise<FoundMetadata | undefined> {
    const place = metadataPlace(build);
    try {
      if (place.kind === "release") return await this.#release(place);
      const { buildNumber } = build;
      const metadata = place.kind === "candidate"
        ? await this.#candidate(place)
        : await this.#shared(place.jsonPath, () => this.#nightly(place));
      return metadata && { metadata, buildNumber };
    } catch (error) {
      if (error instanceof Unavailable) return undefined;
      throw error;
    }
  }

  /** The metadata in one JSON document; undefined when it isn't there, or is something else. */
  document(path: string): Promise<BuildMetadata | undefined> {
    return this.#shared(path, () => this.#json(path));
  }

  async #nightly({ jsonPath, buildhubPath, textPath }: MetadataPlace & { kind: "nightly" }) {
    const metadata = await this.#json(jsonPath) ??
      (buildhubPath && await this.document(buildhubPath));
    if (metadata) return metadata;
    const text = await this.#attempted((archive) => archive.text(textPath));
    return text === undefined ? undefined : metadataFromText(text);
  }

  async #candidate({ path, buildhubPath }: MetadataPlace & { kind: "candidate" }) {
    return await this.document(path) ??
      (buildhubPath === undefined ? undefined : await this.document(buildhubPath));
  }

  async #release(
    place: MetadataPlace & { kind: "release" },
  ): Promise<FoundMetadata | undefined> {
    const { candidatesFolder, platform, buildhubPath } = place;
    const buildNumber = await this.#highestBuild(candidatesFolder);
    if (buildNumber !== undefined) {
      const folder = `${candidatesFolder}build${buildNumber}/${platform}/en-US/`;
      const metadata = await this.#shared(folder, () => this.#firstIn(folder, place));
      if (metadata) return { metadata, buildNumber };
    }
    if (buildhubPath === undefined) return undefined;
    const metadata = await this.document(buildhubPath);
    return metadata && { metadata, buildNumber };
  }

  async #firstIn(
    folder: string,
    { filePrefix, buildhubPath }: MetadataPlace & { kind: "release" },
  ): Promise<BuildMetadata | undefined> {
    const listing = await this.#listing(folder);
    const names = (listing?.files ?? []).map(({ name }) => name);
    const isClassic = (name: string) => name.startsWith(filePrefix) && isBuildMetadataName(name);
    const isBuildhub = (name: string) => name === BUILDHUB_JSON && buildhubPath !== undefined;
    for (const name of [...names.filter(isClassic), ...names.filter(isBuildhub)]) {
      const metadata = await this.document(folder + name);
      if (metadata) return metadata;
    }
    return undefined;
  }

  async #json(path: string): Promise<BuildMetadata | undefined> {
    return metadataFromJson(await this.#attempted((archive) => archive.json(path)));
  }

  #highestBuild(folder: string): Promise<number | undefined> {
    let highest = this.#highest.get(folder);
    if (!highest) {
      highest = this.#counted(async () => {
        const listing = await this.#listing(folder);
        return listing && highestBuild(listing);
      });
      this.#highest.set(folder, highest);
    }
    return highest;
  }

  /** From memory, from the cache, or from the archive; concurrent callers share one request. */
  #shared(
    key: string,
    find: () => Promise<BuildMetadata | undefined>,
  ): Promise<BuildMetadata | undefined> {
    const known = this.#recent.get(key) ?? this.#inFlight.get(key);
    if (known) return known;
    const found = this.#cached(key, find);
    this.#recent.set(key, found);
    if (this.#recent.size > MAX_RECENT) {
      this.#recent.delete(this.#recent.keys().next().value!);
    }
    this.#inFlight.set(key, found);
    const forget = () => this.#inFlight.delete(key);
    found.then(forget, forget);
    return found;
  }

  #cached(
    key: string,
    find: () => Promise<BuildMetadata | undefined>,
  ): Promise<BuildMetadata | undefined> {
    const { archive, cache } = this.#options;
    // The cache may hold documents of several archives at the same path.
    const url = archive.url + key;
    const known = cache.get(url);
    const metadata: BuildMetadata | undefined = known ? JSON.parse(known) : undefined;
    // Older versions cached a `buildhub.json` without the file that it describes.
    const isOld = metadata && !metadata.file && isBuildhubPath(key);
    if (known !== undefined && !isOld) return Promise.resolve(metadata);
    return this.#counted(async () => {
      const metadata = await find();
      cache.set(url, metadata === undefined ? null : JSON.stringify(metadata));
      return metadata;
    });
  }

  async #counted<T>(find: () => Promise<T>): Promise<T> {
    this.#pending++;
    try {
      return await find();
    } finally {
      this.#pending--;
    }
  }

  /** A folder; an answer that isn't its listing says nothing about what it holds. */
  #listing(folder: string): Promise<Listing | undefined> {
    return this.#attempted((archive) => archive.listing(folder), { mayBeUnreadable: false });
  }

  /**
   * A document that can't be fetched makes its builds incomplete, but doesn't end the run. The search
   * ends there: another document has other details, and the record would change.
   */
  async #attempted<T>(
    get: (archive: Documents) => Promise<T>,
    { mayBeUnreadable = true } = {},
  ): Promise<T | undefined> {
    const { archive, log, signal, strict } = this.#options;
    try {
      return await get(archive);
    } catch (error) {
      signal?.throwIfAborted();
      const isElse = mayBeUnreadable && isUnreadableBody(error);
      if (strict && !isElse) throw error;
      this.#failures++;
      log.warning(reasonOf(error));
      if (isElse) return undefined;
      throw new Unavailable();
    }
  }
}

/** A document or folder that can't be fetched now; it has been logged and counted. */
class Unavailable extends Error {
  override name = "Unavailable";
}

function isBuildhubPath(path: string): boolean {
  return path.endsWith(BUILDHUB_JSON);
}

/** Whether a file of a candidate's folder can be its metadata, by its name. */
export function isBuildMetadataName(name: string): boolean {
  return name.endsWith(".json") && !/mozinfo|test_packages|buildhub\.json$/.test(name);
}
