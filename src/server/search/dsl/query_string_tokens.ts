import { DslError } from "./dsl_error.ts";

/** The kinds of tokens in Lucene's query syntax. The first of the longest ones counts. */
const TOKENS = tokens();

/** A token of Lucene's query syntax. */
export interface Token {
  kind: TokenKind;
  text: string;
}

/** Names of tokens, as in Lucene's grammar. */
export type TokenKind =
  | "AND"
  | "OR"
  | "NOT"
  | "PLUS"
  | "MINUS"
  | "BAREOPER"
  | "LPAREN"
  | "RPAREN"
  | "COLON"
  | "STAR"
  | "CARAT"
  | "QUOTED"
  | "TERM"
  | "FUZZY_SLOP"
  | "PREFIXTERM"
  | "WILDTERM"
  | "REGEXPTERM"
  | "RANGEIN_START"
  | "RANGEEX_START"
  | "NUMBER"
  | "RANGE_TO"
  | "RANGEIN_END"
  | "RANGEEX_END"
  | "RANGE_QUOTED"
  | "RANGE_GOOP"
  | "EOF";

/** States of the scanner: after `^` comes a number, and brackets have their own tokens. */
type State = "default" | "boost" | "range";

const SPACES = " \t\n\r\u3000";

const NEXT_STATE: Readonly<Partial<Record<TokenKind, State>>> = {
  CARAT: "boost",
  NUMBER: "default",
  RANGEIN_START: "range",
  RANGEEX_START: "range",
  RANGEIN_END: "default",
  RANGEEX_END: "default",
};

/**
 * Splits a query in Lucene's syntax into tokens.
 *
 * @see https://github.com/apache/lucene-solr/blob/releases/lucene-solr/7.7.3/lucene/queryparser/src/java/org/apache/lucene/queryparser/classic/QueryParser.jj
 * @throws {DslError} where nothing fits
 */
export function queryStringTokens(text: string): Token[] {
  const found: Token[] = [];
  let state: State = "default";
  for (let at = 0; at < text.length;) {
    if (state !== "boost" && SPACES.includes(text[at]!)) {
      at++;
      continue;
    }
    let longest: Token | undefined;
    for (const [kind, expression] of TOKENS[state]) {
      expression.lastIndex = at;
      const [match] = expression.exec(text) ?? [];
      if (match !== undefined && match.length > (longest?.text.length ?? 0)) {
        longest = { kind, text: match };
      }
    }
    if (longest === undefined) {
      throw queryStringError(text, `[${text[at]}] at position ${at}`);
    }
    found.push(longest);
    at += longest.text.length;
    state = NEXT_STATE[longest.kind] ?? state;
  }
  return [...found, { kind: "EOF", text: "" }];
}

function tokens(): Record<State, [TokenKind, RegExp][]> {
  const escaped = String.raw`\\[^]`;
  const start = String.raw`(?:[^ \t\n\r\u3000+\-!():^[\]"{}~*?\\/]|${escaped})`;
  const term = String.raw`(?:${start}|[-+])`;
  const all: Record<State, [TokenKind, string][]> = {
    default: [
      ["AND", "AND|&&"],
      ["OR", String.raw`OR|\|\|`],
      ["NOT", "NOT|!"],
      ["PLUS", String.raw`\+`],
      ["MINUS", "-"],
      ["BAREOPER", String.raw`[+\-!][ \t\n\r\u3000]`],
      ["LPAREN", String.raw`\(`],
      ["RPAREN", String.raw`\)`],
      ["COLON", ":"],
      ["STAR", String.raw`\*`],
      ["CARAT", String.raw`\^`],
      ["QUOTED", String.raw`"(?:[^"\\]|${escaped})*"`],
      ["TERM", `${start}${term}*`],
      ["FUZZY_SLOP", String.raw`~(?:\d+(?:\.\d+)?${term}*|${term}*)`],
      ["PREFIXTERM", String.raw`(?:${start}${term}*)?\*`],
      ["WILDTERM", String.raw`(?:${start}|[*?])(?:${term}|[*?])*`],
      ["REGEXPTERM", String.raw`/(?:\\/|[^/])*/`],
      ["RANGEIN_START", String.raw`\[`],
      ["RANGEEX_START", String.raw`\{`],
    ],
    boost: [["NUMBER", String.raw`\d+(?:\.\d+)?`]],
    range: [
      ["RANGE_TO", "TO"],
      ["RANGEIN_END", String.raw`\]`],
      ["RANGEEX_END", String.raw`\}`],
      ["RANGE_QUOTED", String.raw`"(?:\\"|[^"])+"`],
      ["RANGE_GOOP", String.raw`[^ \]}]+`],
    ],
  };
  const compile = ([kind, source]: [TokenKind, string]): [TokenKind, RegExp] => [
    kind,
    new RegExp(source, "y"),
  ];
  return {
    default: all.default.map(compile),
    boost: all.boost.map(compile),
    range: all.range.map(compile),
  };
}

/** A query string that can't be parsed. */
export function queryStringError(text: string, unexpected: string): DslError {
  return new DslError(
    "query_shard_exception",
    `Failed to parse query [${text}]: unexpected ${unexpected}`,
  );
}
