import type { Documents } from "../../archive/metadata_finder.ts";
import { sleep } from "../../net/http.ts";

/** What {@linkcode AnnouncedDocuments} works with. */
export interface AnnouncedDocumentsOptions {
  archive: Documents;
  /** The paths that events tell of. */
  announced: ReadonlySet<string>;
  /** Ends the waiting. */
  signal: AbortSignal;
  /** Told of each attempt that found nothing. */
  onMissing?: (path: string, waitMs: number) => void;
  /** The first pause; each next one is twice as long. @default {250} */
  pauseMs?: number;
}

const LONGEST_PAUSE_MS = 5_000;

/**
 * The archive, for one event: a document that the event announced may not be readable at once, so
 * it's asked for until it's there. Others may be missing.
 */
export class AnnouncedDocuments implements Documents {
  readonly #options: AnnouncedDocumentsOptions;

  constructor(options: AnnouncedDocumentsOptions) {
    this.#options = options;
  }

  /** The base of every URL. */
  get url(): string {
    return this.#options.archive.url;
  }

  /** Like {@linkcode Archive.json}. @throws the signal's reason, when it comes before the document */
  async json(path: string): Promise<unknown> {
    const { archive, announced, signal, onMissing, pauseMs = 250 } = this.#options;
    for (let waitMs = pauseMs;; waitMs = Math.min(2 * waitMs, LONGEST_PAUSE_MS)) {
      const document = await archive.json(path);
      if (document !== undefined || !announced.has(path)) return document;
      onMissing?.(path, waitMs);
      await sleep(waitMs, signal);
    }
  }

  /** Like {@linkcode Archive.text}. */
  text(path: string): Promise<string | undefined> {
    return this.#options.archive.text(path);
  }

  /** Like {@linkcode Archive.listing}. */
  listing(folder: string): ReturnType<Documents["listing"]> {
    return this.#options.archive.listing(folder);
  }
}
