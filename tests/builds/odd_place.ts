import { isFunnelcake } from "../../src/builds/layouts.ts";
import { isNightlyOfTrunk } from "../../src/builds/nightly_folder.ts";
import { productAt } from "../../src/builds/products.ts";

/**
 * Whether a path is read as a build only because positions and names alone count: an inventory's is
 * indexed, but no crawl searches for it.
 */
export function isAtOddPlace(path: string): boolean {
  const segments = path.split("/");
  return path.includes("nightly")
    ? !isNightlyOfTrunk(segments, productAt(path)!)
    : path.includes("funnelcake") && !path.includes("candidates") && !isFunnelcake(segments);
}

/** The folders on the way to a path, each with its slash, except `pub/`. */
export function foldersOf(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, index) => `${segments.slice(0, index + 1).join("/")}/`).slice(1);
}
