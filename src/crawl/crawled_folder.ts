import { Classifier } from "../builds/classify.ts";
import { classifyFolder } from "../builds/classify_folder.ts";
import { isInstaller } from "../builds/file_types.ts";
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
  const isListed = ({ name }: ListedFile) =>
    isInstaller(name) || classifier.classify(path + name).kind === "unknown";
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
