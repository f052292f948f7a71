import { reasonOf } from "../errors/reason_of.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import type { Log } from "../reporting/log.ts";
import type { Archive } from "./archive.ts";
import {
  type BuildMetadata,
  metadataFromJson,
  metadataFromText,
} from "../builds/build_metadata.ts";
import type { Build } from "../builds/build_url.ts";
import type { DocumentCache } from "./document_cache.ts";
import { highestBuild } from "./listing.ts";
import { BUILDHUB_JSON, type MetadataPlace, metadataPlace } from "../builds/metadata_place.ts";

/** Metadata, and the number of the candidate that it was found in. */
export interface FoundMetadata {
  metadata: BuildMetadata;
  buildNumber?: number;
}

/** Where documents and listings come from: the archive, or something before it. */
export type Documents = Pick<Archive, "url" | "json" | "text" | "listing">;

/** What a {@linkcode MetadataFinder} works with. */
export interface MetadataFinderOptions {
  archive: Documents;
  cache: DocumentCache;
  log: Log;
  /** Once aborted, failures are passed on instead of counting as missing metadata. */
  signal?: AbortSignal;
  /**
   * Passes every failure on, so that a job can be tried again. What is there and can't be read as
   * what it should be is missing all the same. @default {false}
   */
  strict?: boolean;
}

/** So many answers are at hand without the cache: builds of one folder share few documents. */
const RECENT_AT_MOST = 2_000;

/**
 * Finds the metadata of builds (README, "Where the metadata lies"). Each document and folder is
 * asked for once, also when many builds ask at the same moment; what isn't there, or can't be had,
 * isn't asked for again in this run, and is in the next.
 */
export class MetadataFinder {
  readonly #options: MetadataFinderOptions;
  readonly #recent = new Map<string, Promise<BuildMetadata | undefined>>();
  /** However much is found meanwhile: a slow document isn't asked for twice. */
  readonly #underWay = new Map<string, Promise<BuildMetadata | undefined>>();
  /** The highest candidate by version folder, of this run: it may be another tomorrow. */
  readonly #highest = new Map<string, Promise<number | undefined>>();
  #pending = 0;
  #failures = 0;

  constructor(options: MetadataFinderOptions) {
    this.#options = options;
  }

  /** How many documents are being looked for. */
  get pending(): number {
    return this.#pending;
  }

  /** How many documents and folders couldn't be had, although they may be there. */
  get failures(): number {
    return this.#failures;
  }

  /** The metadata of a build; undefined when the archive has none, or none that can be had. */
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
      if (error instanceof OutOfReach) return undefined;
      throw error;
    }
  }

  /** The metadata in one JSON document; undefined when it isn't there, or is something else. */
  document(path: string): Promise<BuildMetadata | undefined> {
    return this.#shared(path, () => this.#json(path));
  }

  async #nightly({ jsonPath, buildhubPath, textPath }: MetadataPlace & { kind: "nightly" }) {
    const metadata = await this.#json(jsonPath) ?? (buildhubPath && await this.#json(buildhubPath));
    if (metadata) return metadata;
    const text = await this.#tried((archive) => archive.text(textPath));
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
    const listing = await this.#tried((archive) => archive.listing(folder));
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
    return metadataFromJson(await this.#tried((archive) => archive.json(path)));
  }

  #highestBuild(folder: string): Promise<number | undefined> {
    let highest = this.#highest.get(folder);
    if (!highest) {
      highest = this.#counted(async () => {
        const listing = await this.#tried((archive) => archive.listing(folder));
        return listing && highestBuild(listing);
      });
      this.#highest.set(folder, highest);
    }
    return highest;
  }

  /** From what was found lately, from the cache, or from the archive: once for all who ask. */
  #shared(
    key: string,
    find: () => Promise<BuildMetadata | undefined>,
  ): Promise<BuildMetadata | undefined> {
    const known = this.#recent.get(key) ?? this.#underWay.get(key);
    if (known) return known;
    const found = this.#cached(key, find);
    this.#recent.set(key, found);
    if (this.#recent.size > RECENT_AT_MOST) {
      this.#recent.delete(this.#recent.keys().next().value!);
    }
    this.#underWay.set(key, found);
    const forget = () => this.#underWay.delete(key);
    found.then(forget, forget);
    return found;
  }

  #cached(
    key: string,
    find: () => Promise<BuildMetadata | undefined>,
  ): Promise<BuildMetadata | undefined> {
    const { archive, cache } = this.#options;
    // One folder may keep what several archives have at the same path.
    const url = archive.url + key;
    const known = cache.get(url);
    if (known !== undefined) return Promise.resolve(known === null ? undefined : JSON.parse(known));
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

  /**
   * One document that can't be had makes its builds incomplete, and never the run fail. The search
   * ends there: the next best document says it in other words, and the record would change.
   */
  async #tried<T>(get: (archive: Documents) => Promise<T>): Promise<T | undefined> {
    const { archive, log, signal, strict } = this.#options;
    try {
      return await get(archive);
    } catch (error) {
      signal?.throwIfAborted();
      if (strict && !isUnreadableBody(error)) throw error;
      this.#failures++;
      log.warning(reasonOf(error));
      if (isUnreadableBody(error)) return undefined;
      throw new OutOfReach();
    }
  }
}

/** A document or folder that can't be had now, and has been told. */
class OutOfReach extends Error {
  override name = "OutOfReach";
}

/** Whether a file of a candidate's folder can be its metadata, by its name. */
export function isBuildMetadataName(name: string): boolean {
  return name.endsWith(".json") && !/mozinfo|test_packages|buildhub\.json$/.test(name);
}
