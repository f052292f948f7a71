import { type Language, Languages, type Range } from "./automaton.ts";
import { illegalArgument } from "./dsl_error.ts";
import { decimalInterval } from "./decimal_interval.ts";

/** Optional operators of the syntax, as bits: those of Lucene's `RegExp`. */
export const REGEXP_FLAGS: Readonly<Record<string, number>> = {
  NONE: 0,
  INTERSECTION: 1,
  COMPLEMENT: 2,
  EMPTY: 4,
  ANYSTRING: 8,
  AUTOMATON: 16,
  INTERVAL: 32,
  ALL: 0xffff,
};

/** The longest expression, as Elasticsearch's `index.max_regex_length`. */
const MAX_LENGTH = 1000;

/** Parentheses and complements within each other. */
const MAX_DEPTH = 200;

/**
 * Compiles a regular expression in Lucene's syntax. It must match the whole text.
 *
 * @see https://www.elastic.co/guide/en/elasticsearch/reference/6.8/query-dsl-regexp-query.html#regexp-syntax
 * @param flags the optional operators that are on
 * @returns tells whether a text matches
 * @throws {DslError} when it is malformed, or too long
 * @example
 * ```ts
 * import { luceneRegexp } from "./lucene_regexp.ts";
 * const isNightly = luceneRegexp(`[0-9]+".0a1"`);
 * if (!isNightly("55.0a1") || isNightly("55.0")) throw new Error("wrong");
 * ```
 */
export function luceneRegexp(source: string, flags = REGEXP_FLAGS.ALL!): (text: string) => boolean {
  if (source.length > MAX_LENGTH) {
    throw illegalArgument(
      `The length of regex [${source.length}] used in the Regexp Query request has exceeded the ` +
        `allowed maximum of [${MAX_LENGTH}]`,
    );
  }
  const languages = new Languages();
  return languages.matcher(new Parser(languages, source, flags).parse());
}

/**
 * Compiles a pattern in which `*` stands for any text, `?` for any character, and a backslash makes
 * the next character plain.
 */
export function wildcardPattern(pattern: string): (text: string) => boolean {
  const languages = new Languages();
  const parts = [...pattern.matchAll(/\\([^])|[^]/gu)].map(([token, escaped]) =>
    token === "*"
      ? languages.anyText
      : token === "?"
      ? languages.anyCharacter
      : languages.text(escaped ?? token)
  );
  return languages.matcher(languages.sequence(parts));
}

class Parser {
  readonly #languages: Languages;
  readonly #characters: string[];
  readonly #flags: number;
  #at = 0;
  #depth = 0;

  constructor(languages: Languages, source: string, flags: number) {
    this.#languages = languages;
    this.#characters = [...source];
    this.#flags = flags;
  }

  parse(): Language {
    if (this.#characters.length === 0) return this.#languages.empty;
    const language = this.#union();
    if (this.#isMore()) throw this.#error("end-of-string expected");
    return language;
  }

  #union(): Language {
    if (++this.#depth > MAX_DEPTH) throw this.#error("nested too deep");
    const parts = [this.#intersection()];
    while (this.#accept("|")) parts.push(this.#intersection());
    this.#depth--;
    return this.#languages.any(parts);
  }

  #intersection(): Language {
    const parts = [this.#sequence()];
    while (this.#isOn("INTERSECTION") && this.#accept("&")) parts.push(this.#sequence());
    return this.#languages.all(parts);
  }

  #sequence(): Language {
    const parts = [this.#repetition()];
    while (
      this.#isMore() && !this.#peek(")|") && !(this.#isOn("INTERSECTION") && this.#peek("&"))
    ) parts.push(this.#repetition());
    return this.#languages.sequence(parts);
  }

  #repetition(): Language {
    let part = this.#complement();
    while (this.#peek("?*+{")) {
      if (this.#accept("?")) part = this.#languages.repeat(part, 0, 1);
      else if (this.#accept("*")) part = this.#languages.repeat(part, 0, Infinity);
      else if (this.#accept("+")) part = this.#languages.repeat(part, 1, Infinity);
      else part = this.#count(part);
    }
    return part;
  }

  #count(part: Language): Language {
    this.#next();
    const min = this.#integer();
    if (min === undefined) throw this.#error("integer expected");
    const max = this.#accept(",") ? this.#integer() ?? Infinity : min;
    if (!this.#accept("}")) throw this.#error("expected '}'");
    return this.#languages.repeat(part, min, max);
  }

  #integer(): number | undefined {
    let digits = "";
    while (this.#peek("0123456789")) digits += this.#next();
    if (digits === "") return undefined;
    if (Number(digits) > 2 ** 31 - 1) throw this.#error("integer out of range");
    return Number(digits);
  }

  #complement(): Language {
    let isComplement = false;
    while (this.#isOn("COMPLEMENT") && this.#accept("~")) isComplement = !isComplement;
    const part = this.#accept("[") ? this.#characterClass() : this.#simple();
    return isComplement ? this.#languages.not(part) : part;
  }

  #characterClass(): Language {
    const isNegated = this.#accept("^");
    const ranges: Range[] = [];
    do {
      const first = this.#character();
      const last = this.#accept("-") ? this.#character() : first;
      if (first > last) throw this.#error("invalid range");
      ranges.push([first, last]);
    } while (this.#isMore() && !this.#peek("]"));
    if (!this.#accept("]")) throw this.#error("expected ']'");
    return isNegated ? this.#languages.otherCharacters(ranges) : this.#languages.characters(ranges);
  }

  #simple(): Language {
    if (this.#accept(".")) return this.#languages.anyCharacter;
    if (this.#isOn("EMPTY") && this.#accept("#")) return this.#languages.nothing;
    if (this.#isOn("ANYSTRING") && this.#accept("@")) return this.#languages.anyText;
    if (this.#accept('"')) return this.#languages.text(this.#until('"'));
    if (this.#accept("(")) {
      if (this.#accept(")")) return this.#languages.empty;
      const language = this.#union();
      if (!this.#accept(")")) throw this.#error("expected ')'");
      return language;
    }
    if ((this.#isOn("AUTOMATON") || this.#isOn("INTERVAL")) && this.#accept("<")) {
      return this.#interval();
    }
    const code = this.#character();
    return this.#languages.characters([[code, code]]);
  }

  #interval(): Language {
    const [, first = "", second = ""] = /^(\d{1,10})-(\d{1,10})$/.exec(this.#until(">")) ?? [];
    const [min, max] = [Number(first), Number(second)].sort((a, b) => a - b) as [number, number];
    if (first === "" || max > 2 ** 31 - 1 || !this.#isOn("INTERVAL")) {
      throw this.#error("interval syntax error");
    }
    const digits = first.length === second.length ? first.length : undefined;
    return decimalInterval(this.#languages, min, max, digits);
  }

  #until(end: string): string {
    let text = "";
    while (this.#isMore() && !this.#peek(end)) text += this.#next();
    if (!this.#accept(end)) throw this.#error(`expected '${end}'`);
    return text;
  }

  #character(): number {
    this.#accept("\\");
    return this.#next().codePointAt(0)!;
  }

  #isOn(flag: string): boolean {
    return (this.#flags & REGEXP_FLAGS[flag]!) !== 0;
  }

  #isMore(): boolean {
    return this.#at < this.#characters.length;
  }

  #peek(characters: string): boolean {
    return this.#isMore() && characters.includes(this.#characters[this.#at]!);
  }

  #accept(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    if (!this.#isMore()) throw this.#error("unexpected end-of-string");
    return this.#characters[this.#at++]!;
  }

  #error(problem: string) {
    return illegalArgument(`${problem} at position ${this.#at} of a regular expression`);
  }
}
