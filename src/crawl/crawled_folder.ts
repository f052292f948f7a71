import { Classifier } from "../builds/classify.ts";
import { classifyFolder } from "../builds/classify_folder.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";
import type { ListedFile, Listing } from "../archive/listing.ts";

/** What a crawl keeps of a folder's listing. */
export interface CrawledFolder {
  /** With its slash. */
  path: string;
  /** The installers, and files whose names look like installers that no rule knows. */
  files: ListedFile[];
  /** How many files it has in all. */
  fileCount: number;
  /** Names of the folders in it that may hold builds, each with its slash. */
  children: string[];
  /** How many others it has. */
  prunedCount: number;
  /** When the latest of its own files was modified; undefined without any. */
  newest?: string;
}

/**
 * Reduces a listing to what a crawl keeps.
 *
 * @param onOddName called with each name that can't be a folder's; it's left out
 */
export function crawledFolder(
  path: string,
  { prefixes, files }: Listing,
  onOddName: (name: string) => void,
): CrawledFolder {
  const names = new Set(prefixes.filter((name) => {
    const isName = /^[^/]+\/$/.test(name) && name !== "./" && name !== "../";
    if (!isName) onOddName(name);
    return isName;
  }));
  const children = [...names].filter((name) => classifyFolder(path + name).kind === "open");
  const classifier = new Classifier();
  const isListed = ({ name }: ListedFile) => classifier.isListed(path + name);
  let newest: string | undefined;
  for (const { last_modified: date } of files) {
    if (newest === undefined || date > newest) newest = date;
  }
  return {
    path,
    files: files.filter(isListed).sort((a, b) => a.name < b.name ? -1 : 1),
    fileCount: files.length,
    children,
    prunedCount: names.size - children.length,
    newest,
  };
}

/** Whether there is nothing in a folder, but perhaps the object that stands for the folder itself. */
export function isEmpty({ fileCount, children, prunedCount }: CrawledFolder): boolean {
  return fileCount + children.length + prunedCount === 0;
}

/**
 * Checks a listing against what an earlier crawl found. A CDN in trouble answers 200 with listings
 * that lack something, which says nothing about what exists.
 *
 * @throws {UnreadableBody} when a folder that had folders has none now
 */
export function assertPlausible(now: CrawledFolder, before: CrawledFolder | undefined): void {
  const count = before?.children.length ?? 0;
  if (count === 0 || now.children.length > 0) return;
  throw new UnreadableBody(
    `its listing has no folders, and had ${count} before; if they were removed, ` +
      "archive-to-inventory --all accepts that",
  );
}
