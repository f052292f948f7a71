import { decodedPath } from "../../builds/archive_url.ts";
import { extensionOf, FILE_TYPES } from "../../builds/file_types.ts";
import { anyOf, inAnyCase, type Query, wildcardFor } from "./dsl.ts";
import { isUrl } from "./search_text.ts";
import { isDay } from "./state.ts";

/** Other names of values. */
const ALIASES: Readonly<Record<string, string>> = {
  windows: "win",
  macos: "mac",
  osx: "mac",
  developer: "devedition",
};

/** Fields whose values are in lower case. */
const LOWER_FIELDS = [
  ...["source.product", "target.channel", "target.platform", "target.os", "target.version"],
  ...["build.id", "id"],
];

/** Fields of few values, found by how a value begins, or a part of it after a dash. */
const FIELDS_OF_PARTS = [
  ...["source.product", "target.channel", "target.platform", "target.locale"],
];

/** As revisions are shown, and stored for old nightlies: their first characters. */
const SHORT_REVISION = 12;

const ARCHIVE = "https://archive.mozilla.org/";

/**
 * The builds that have a word as a whole value: `fr`, `60.0`, a build id, a changeset, a record id, a
 * repository, a day, a download's URL or file name.
 */
export function wholeQuery(word: string): Query {
  if (isUrl(word)) return urlQuery(word);
  const lower = normal(word);
  const queries: Query[] = [
    ...LOWER_FIELDS.map((field) => ({ term: { [field]: lower } })),
    { regexp: { "target.locale": inAnyCase(word) } },
    { terms: { "source.tree": [lower, `releases/${lower}`] } },
  ];
  if (isHash(lower) && lower.length >= SHORT_REVISION) queries.push(...revisionQueries(lower));
  if (isDay(lower)) {
    queries.push(
      { range: { "download.date": { gte: lower, lt: `${lower}||+1d` } } },
      { prefix: { "build.id": lower.replaceAll("-", "") } },
    );
  }
  if (FILE_TYPES.has(extensionOf(word))) {
    queries.push({ wildcard: { "download.url": `*/${wildcardFor(decodedPath(word))}` } });
  }
  return anyOf(queries);
}

/**
 * The builds with a value that a word begins, or a part after a dash: `win`, `60`, `x86`. Build ids
 * are found by their first 4 digits, revisions by their first 6.
 */
export function beginQuery(word: string): Query {
  if (isUrl(word)) return urlQuery(word);
  const lower = normal(word);
  const queries: Query[] = FIELDS_OF_PARTS.map((field) => ({
    regexp: { [field]: `(.*-)?${inAnyCase(lower)}.*` },
  }));
  const prefix = (field: string, text: string) => queries.push({ prefix: { [field]: text } });
  if (/^\d/.test(lower)) prefix("target.version", lower);
  if (/^\d{4,}$/.test(lower)) prefix("build.id", lower);
  if (isHash(lower)) queries.push(...revisionQueries(lower));
  if (lower.includes("_")) prefix("id", lower);
  if (/^(releases|projects|\w+-)/.test(lower)) {
    prefix("source.tree", lower);
    prefix("source.tree", `releases/${lower}`);
  }
  return anyOf(queries);
}

/** The builds with this URL, on any of the archive's hosts, or below it. */
function urlQuery(word: string): Query {
  const given = decodedPath(word);
  const urls = [...new Set([given, given.replace(/^\w+:\/\/[^/]*\//, ARCHIVE)])];
  return anyOf([
    { terms: { "download.url": urls } },
    ...urls.map((url) => ({ prefix: { "download.url": url.replace(/\/*$/, "/") } })),
  ]);
}

function revisionQueries(hash: string): Query[] {
  return [
    { prefix: { "source.revision": hash } },
    ...hash.length > SHORT_REVISION
      ? [{ term: { "source.revision": hash.slice(0, SHORT_REVISION) } }]
      : [],
  ];
}

function normal(word: string): string {
  const lower = word.toLowerCase();
  return Object.hasOwn(ALIASES, lower) ? ALIASES[lower]! : lower;
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{6,40}$/.test(text);
}
