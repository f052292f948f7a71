import { isUnreadableBody } from "../errors/unreadable_body.ts";
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
import { type FailureOptions, Failures, type Unavailable } from "./unavailable.ts";

/** Metadata, and the number of the candidate that it was found in. */
export interface FoundMetadata {
  metadata: BuildMetadata;
  buildNumber?: number;
}

/** Where documents and listings come from: the archive, or a wrapper around it. */
export type Documents = Pick<Archive, "url" | "json" | "text" | "listing">;

/** What a {@linkcode MetadataFinder} works with. */
export interface MetadataFinderOptions extends FailureOptions {
  archive: Documents;
  cache: DocumentCache;
}

/** The result of looking in one place, or in several one after the other. */
interface Lookup {
  metadata?: BuildMetadata;
  /** Of a document that couldn't be read: what was found after it is a fallback. */
  failure?: Unavailable;
}

/** Capacity of the cache in memory: the builds of one folder share few documents. */
const MAX_RECENT = 2_000;

/**
 * Finds the metadata of builds (docs/domain.md, "Where the metadata lies"). Each document and folder is
 * requested once per run, even when many builds need it at the same time. What is missing or can't
 * be fetched is requested again in the next run.
 *
 * A document that isn't what it should be, such as a page instead of JSON, is a failure. The search
 * goes on to the next document, but what is found there isn't cached: the next run looks again.
 */
export class MetadataFinder {
  readonly #options: MetadataFinderOptions;
  readonly #failures: Failures;
  readonly #recent = new Map<string, Promise<Lookup>>();
  /** Never evicted, so that a slow document isn't requested twice. */
  readonly #inFlight = new Map<string, Promise<Lookup>>();
  /** The highest candidate by version folder. Kept for this run only: there may be a newer one. */
  readonly #highest = new Map<string, Promise<number | undefined>>();
  #pending = 0;

  constructor(options: MetadataFinderOptions) {
    this.#options = options;
    this.#failures = new Failures(options);
  }

  /** How many documents and folders are being fetched. */
  get pending(): number {
    return this.#pending;
  }

  /** How many documents and folders couldn't be fetched or read. */
  get failures(): number {
    return this.#failures.count;
  }

  /**
   * The metadata of a build; undefined when the archive has none.
   *
   * @throws {Unavailable} when it can't be fetched
   * @throws what a request throws, once the signal is aborted or when `strict`
   */
  async find(build: Build): Promise<FoundMetadata | undefined> {
    const place = metadataPlace(build);
    if (place.kind === "release") return await this.#release(place);
    const { buildNumber } = build;
    const metadata = found(
      place.kind === "candidate"
        ? await this.#candidate(place)
        : await this.#shared(place.jsonPath, () => this.#nightly(place)),
    );
    return metadata && { metadata, buildNumber };
  }

  /**
   * The metadata in one JSON document; undefined when it isn't there, or describes no build. Throws
   * like {@linkcode MetadataFinder.find}.
   */
  async document(path: string): Promise<BuildMetadata | undefined> {
    return found(await this.#document(path));
  }

  #document(path: string | undefined): Promise<Lookup> {
    if (path === undefined) return Promise.resolve({});
    return this.#shared(path, () => this.#json(path));
  }

  #nightly(
    { jsonPath, buildhubPath, textPath }: MetadataPlace & { kind: "nightly" },
  ): Promise<Lookup> {
    return first([
      () => this.#json(jsonPath),
      () => this.#document(buildhubPath),
      () => this.#read((archive) => archive.text(textPath), metadataFromText),
    ]);
  }

  #candidate({ path, buildhubPath }: MetadataPlace & { kind: "candidate" }): Promise<Lookup> {
    return first([() => this.#document(path), () => this.#document(buildhubPath)]);
  }

  async #release(
    { candidatesFolder, platform, buildhubPath, ...place }: MetadataPlace & { kind: "release" },
  ): Promise<FoundMetadata | undefined> {
    const buildNumber = await this.#highestBuild(candidatesFolder);
    const folder = `${candidatesFolder}build${buildNumber}/${platform}/en-US/`;
    const inCandidate = () =>
      this.#shared(folder, () => this.#firstIn(folder, { buildhubPath, ...place }));
    const metadata = found(
      await first([
        ...buildNumber === undefined ? [] : [inCandidate],
        () => this.#document(buildhubPath),
      ]),
    );
    return metadata && { metadata, buildNumber };
  }

  async #firstIn(
    folder: string,
    { filePrefix, buildhubPath }: Pick<
      MetadataPlace & { kind: "release" },
      "filePrefix" | "buildhubPath"
    >,
  ): Promise<Lookup> {
    const listing = await this.#listing(folder);
    const names = (listing?.files ?? []).map(({ name }) => name);
    const isClassic = (name: string) => name.startsWith(filePrefix) && isBuildMetadataName(name);
    const isBuildhub = (name: string) => name === BUILDHUB_JSON && buildhubPath !== undefined;
    return await first(
      [...names.filter(isClassic), ...names.filter(isBuildhub)]
        .map((name) => () => this.#document(folder + name)),
    );
  }

  #json(path: string): Promise<Lookup> {
    return this.#read((archive) => archive.json(path), metadataFromJson);
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
  #shared(key: string, find: () => Promise<Lookup>): Promise<Lookup> {
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

  #cached(key: string, find: () => Promise<Lookup>): Promise<Lookup> {
    const { archive, cache } = this.#options;
    // The cache may hold documents of several archives at the same path.
    const url = archive.url + key;
    const known = cache.get(url);
    const metadata: BuildMetadata | undefined = known ? JSON.parse(known) : undefined;
    // Older versions cached a `buildhub.json` without the file that it describes.
    const isOld = metadata && !metadata.file && isBuildhubPath(key);
    if (known !== undefined && !isOld) return Promise.resolve({ metadata });
    return this.#counted(async () => {
      const lookup = await find();
      const { metadata, failure } = lookup;
      if (!failure) cache.set(url, metadata === undefined ? null : JSON.stringify(metadata));
      return lookup;
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

  /** A folder. @throws {Unavailable} also for what isn't its listing: it doesn't tell what is in it */
  async #listing(folder: string): Promise<Listing | undefined> {
    try {
      return await this.#options.archive.listing(folder);
    } catch (error) {
      throw this.#failures.add(error, NOT_FETCHED);
    }
  }

  /**
   * One document. When it can't be fetched, the search ends: another document has other details, and
   * the record would change. When it isn't what it should be, that may be so for good.
   */
  async #read<T>(
    get: (archive: Documents) => Promise<T | undefined>,
    metadataFrom: (document: T) => BuildMetadata | undefined,
  ): Promise<Lookup> {
    try {
      const document = await get(this.#options.archive);
      return { metadata: document === undefined ? undefined : metadataFrom(document) };
    } catch (error) {
      const failure = this.#failures.add(error, NOT_FETCHED);
      if (isUnreadableBody(error)) return { failure };
      throw failure;
    }
  }
}

/** What it means for a build that a document or folder can't be fetched. */
const NOT_FETCHED = "its metadata can't be fetched";

/** The first metadata of several lookups, and the first failure before it. */
async function first(lookups: readonly (() => Promise<Lookup>)[]): Promise<Lookup> {
  let failure: Unavailable | undefined;
  for (const lookUp of lookups) {
    const lookup = await lookUp();
    failure ??= lookup.failure;
    if (lookup.metadata) return { metadata: lookup.metadata, failure };
  }
  return { failure };
}

/** The metadata. @throws {Unavailable} when there is none, and a document couldn't be read */
function found({ metadata, failure }: Lookup): BuildMetadata | undefined {
  if (!metadata && failure) throw failure;
  return metadata;
}

function isBuildhubPath(path: string): boolean {
  return path.endsWith(BUILDHUB_JSON);
}

/** Whether a file of a candidate's folder can be its metadata, by its name. */
export function isBuildMetadataName(name: string): boolean {
  return name.endsWith(".json") && !/mozinfo|test_packages|buildhub\.json$/.test(name);
}
