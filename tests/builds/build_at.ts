import type { Build } from "../../src/builds/build.ts";
import { classify } from "../../src/builds/classify.ts";

/** The build at this path. @throws {Error} when it's something else */
export function buildAt(path: string): Build {
  const verdict = classify(path);
  if (verdict.kind !== "build") throw new Error(`${path}: ${JSON.stringify(verdict)}`);
  return verdict;
}
