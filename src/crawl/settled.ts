/** Milliseconds of a day. */
const DAY_MS = 86_400_000;

/** All files of one build's folder are uploaded within hours. */
const LEAF_DAYS = 3;

/** A version may get another candidate, a month another nightly. */
const CONTAINER_DAYS = 30;

/** `pub/firefox/releases/` and the folders above it get new folders at any time. */
const ALWAYS_OPEN_DEPTH = 3;

/** What is remembered of a folder and all that is in it. */
export interface Remembered {
  path: string;
  /** Milliseconds since 1970. */
  listedAt: number;
  /** The date of the latest file in it, at any depth; null while not all of it is known. */
  newestBelow: string | null;
  children: readonly string[];
}

/**
 * Whether a folder won't change any more, nor anything in it: when it was listed, its latest file
 * was some days old. Folders of the first levels never settle.
 */
export function isSettled({ path, listedAt, newestBelow, children }: Remembered): boolean {
  if (newestBelow === null || depthOf(path) <= ALWAYS_OPEN_DEPTH) return false;
  const days = children.length > 0 ? CONTAINER_DAYS : LEAF_DAYS;
  return listedAt - Date.parse(newestBelow) >= days * DAY_MS;
}

/**
 * The last moment of the day, month or year that a nightly folder is named after; undefined for
 * others.
 *
 * @example
 * ```ts
 * import { endOfNamedTime } from "./settled.ts";
 * const end = endOfNamedTime("pub/firefox/nightly/2017/06/2017-06-21-03-02-04-mozilla-central/");
 * if (end !== "2017-06-21T23:59:59.999Z") throw new Error(end);
 * ```
 */
export function endOfNamedTime(path: string): string | undefined {
  const match = /^pub\/[^/]+\/nightly\/(\d{4})\/(?:(\d\d)\/(?:\d{4}-\d\d-(\d\d)-)?)?/.exec(path);
  if (!match) return undefined;
  const [year, month, day] = match.slice(1).map((digits) => digits && Number(digits));
  const end = day
    ? Date.UTC(Number(year), Number(month) - 1, Number(day) + 1)
    : month
    ? Date.UTC(Number(year), Number(month), 1)
    : Date.UTC(Number(year) + 1, 0, 1);
  return new Date(end - 1).toISOString();
}

/**
 * Whether a folder can't contain files modified since this date, by its name. The builds of a day
 * may be uploaded on the days after.
 */
export function isNamedBefore(path: string, since: string): boolean {
  const end = endOfNamedTime(path);
  return end !== undefined && Date.parse(end) + LEAF_DAYS * DAY_MS < Date.parse(since);
}

/**
 * Whether the folders in a folder can't contain files modified since this date, by its own files,
 * such as the checksums of a release: they're written together with the builds.
 */
export function isWrittenBefore(path: string, newest: string | undefined, since: string): boolean {
  return newest !== undefined && depthOf(path) > ALWAYS_OPEN_DEPTH &&
    Date.parse(newest) + CONTAINER_DAYS * DAY_MS < Date.parse(since);
}

function depthOf(folder: string): number {
  return folder.split("/").length - 1;
}
