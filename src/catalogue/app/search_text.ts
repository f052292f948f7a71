import { FILE_TYPES } from "../../builds/file_types.ts";

/** The most words of a search; more are ignored. */
const MAX_WORDS = 12;

const EXTENSIONS = [...FILE_TYPES.keys()].join("|").replaceAll(".", "\\.");

/** `Firefox Setup 57.0.exe` is one word, although it has spaces. */
const WORDS = new RegExp(
  `[A-Z][a-zA-Z]+ (?:Setup )?\\d[^\\s/]*(?: [^\\s/]+){0,2}?\\.(?:${EXTENSIONS})(?!\\S)|\\S+`,
  "g",
);

/** What only Lucene's syntax has: a field with a colon, an operator, or a special character. */
const LUCENE = /(^|[\s(!+-])[A-Za-z_][\w.]*:|(^|\s)(AND|OR|NOT)(\s|$)|&&|\|\||["()[\]{}*?~^\\]/;

/** Whether a text is a URL, which may have spaces as in the records. */
export function isUrl(text: string): boolean {
  return /^(https?|ftp):\/\//i.test(text);
}

/**
 * Whether the text of the search box is in Lucene's syntax rather than words: it has a field with a
 * colon (`build.id:2017*`), `AND`, `OR` or `NOT` in capitals, or one of `" ( ) [ ] { } * ? ~ ^ \`, `&&`
 * and `||`. A URL is a word.
 *
 * @example
 * ```ts
 * import { isExpression } from "./search_text.ts";
 * const are = ["build.id:2017*", "fr OR de", "57.0b*", "firefox 57.0", "https://a.b/c"].map(isExpression);
 * if (are.join() !== "true,true,true,false,false") throw new Error(are.join());
 * ```
 */
export function isExpression(text: string): boolean {
  return !isUrl(text.trim()) && LUCENE.test(text);
}

/**
 * The words of the search box: none if it has an expression. A URL, and the name of a file such as
 * `Firefox Setup 57.0.exe`, is one word.
 *
 * @example
 * ```ts
 * import { wordsIn } from "./search_text.ts";
 * const words = wordsIn("fr Firefox Setup 57.0.exe");
 * if (words.join("|") !== "fr|Firefox Setup 57.0.exe") throw new Error(words.join("|"));
 * ```
 */
export function wordsIn(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === "" || isExpression(trimmed)) return [];
  if (isUrl(trimmed)) return [trimmed];
  return [...new Set(trimmed.match(WORDS))].slice(0, MAX_WORDS);
}
