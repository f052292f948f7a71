import type { Documents } from "../../archive/metadata_finder.ts";
import { retrying, type RetryOptions } from "../../net/retrying.ts";

/** What {@linkcode AnnouncedDocuments} works with. */
export interface AnnouncedDocumentsOptions
  extends Pick<RetryOptions, "backoffMs" | "random" | "clock"> {
  archive: Documents;
  /** The paths in the event. */
  announced: ReadonlySet<string>;
  /** Ends the waiting. */
  signal: AbortSignal;
  /** Called with each attempt that found nothing. */
  onMissing?: (path: string, waitMs: number) => void;
}

/** The longest wait for a document. */
const MAX_BACKOFF_MS = 5_000;

/**
 * The archive, for one event: a document that the event announced may not be readable at once, so a
 * 404 is retried until the signal is aborted. Other documents may be missing.
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

  /** Like {@linkcode Archive.json}. @throws the abort reason, if it comes before the document */
  json(path: string): ReturnType<Documents["json"]> {
    const { archive, announced, onMissing } = this.#options;
    if (!announced.has(path)) return archive.json(path);
    return retrying(async () => {
      const document = await archive.json(path);
      if (document !== undefined) return { value: document };
      return { retry: { reason: "not there yet" }, last: undefined };
    }, {
      ...this.#options,
      retries: Infinity,
      // The archive has retried the others.
      isRetried: () => false,
      maxBackoffMs: MAX_BACKOFF_MS,
      onRetry: ({ waitMs }) => onMissing?.(path, waitMs),
    });
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
