import { parsingError } from "./dsl_error.ts";
import { isObject, type Json, textOf } from "./json.ts";

/** Which fields of the records are shown. */
export type SourceFilter =
  | false
  | { includes: readonly string[]; excludes: readonly string[] };

/** Reads the option `_source`. @throws {DslError} when it is malformed */
export function parseSourceFilter(json: Json): SourceFilter {
  if (typeof json === "boolean") return json && { includes: [], excludes: [] };
  if (typeof json === "string") return { includes: [json], excludes: [] };
  if (Array.isArray(json)) return { includes: texts(json), excludes: [] };
  if (!isObject(json)) throw parsingError("Wrong value of [_source]");
  const filter = { includes: [] as string[], excludes: [] as string[] };
  for (const [name, value] of Object.entries(json)) {
    const key = /^(include|exclude)s?$/.exec(name)?.[1] as "include" | "exclude" | undefined;
    if (key === undefined || typeof value !== "string" && !Array.isArray(value)) {
      throw parsingError(`Unknown key in [_source]: [${name}]`);
    }
    const list = typeof value === "string" ? [value] : value;
    if (!list.every((one) => typeof one === "string")) {
      throw parsingError(`[_source] [${name}] must be texts`);
    }
    filter[`${key}s`] = list;
  }
  return filter;
}

function texts(json: Json[]): string[] {
  return json.map((one) => textOf(one, "_source"));
}

/**
 * A function that keeps the shown fields of a record.
 *
 * @example
 * ```ts
 * import { sourceFilter } from "./source_filter.ts";
 * const show = sourceFilter({ includes: ["a.*"], excludes: ["a.c"] });
 * const shown = JSON.stringify(show({ a: { b: 1, c: 2 }, d: 3 }));
 * if (shown !== '{"a":{"b":1}}') throw new Error(shown);
 * ```
 */
export function sourceFilter(
  { includes, excludes }: Exclude<SourceFilter, false>,
): (record: object) => object {
  if (includes.length === 0 && excludes.length === 0) return (record) => record;
  const isIncluded = matcherOf(includes);
  const isExcluded = matcherOf(excludes);
  const filter = (object: object, path: string, isWhole: boolean): object => {
    const kept: [string, unknown][] = [];
    for (const [name, value] of Object.entries(object)) {
      const at = path + name;
      if (isExcluded(at)) continue;
      const isWanted = isWhole || isIncluded(at);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        const inner = filter(value, `${at}.`, isWanted);
        if (isWanted || Object.keys(inner).length > 0) kept.push([name, inner]);
      } else if (isWanted) kept.push([name, value]);
    }
    return Object.fromEntries(kept);
  };
  return (record) => filter(record, "", includes.length === 0);
}

/** Matches paths by patterns in which `*` stands for any text. */
function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const pieces = patterns.map((pattern) => pattern.split(/\*+/));
  return (path) => pieces.some((one) => matchesPieces(path, one));
}

function matchesPieces(path: string, pieces: readonly string[]): boolean {
  const [first = "", last = ""] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return path === first;
  if (!path.startsWith(first) || !path.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= path.length - last.length;
}
