import { DslError } from "./dsl_error.ts";

/**
 * A regular language. Equal ones are the same object, as far as simple rules can tell.
 *
 * `not` and `all` make Lucene's complement and intersection possible.
 */
export type Language =
  & { readonly id: number; readonly matchesEmpty: boolean }
  & (
    | { kind: "nothing" | "empty" }
    | { kind: "characters"; ranges: readonly Range[] }
    | { kind: "sequence"; first: Language; rest: Language }
    | { kind: "any" | "all"; parts: readonly Language[] }
    | { kind: "not"; part: Language }
    | { kind: "repeat"; part: Language; min: number; max: number }
  );

/** The first and the last code point of a range. */
export type Range = readonly [first: number, last: number];

/** A language without its id. */
type Shape = Language extends infer L ? L extends Language ? Omit<L, "id" | "matchesEmpty"> : never
  : never;

const LAST_CODE_POINT = 0x10ffff;

/** As Lucene limits the states of an automaton. */
const MAX_STATES = 10_000;

/** Languages that may be derived from one expression: bounds both time and memory. */
const MAX_LANGUAGES = 200_000;

/**
 * Builds languages, and decides whether texts belong to them: in linear time, without backtracking.
 *
 * The states of the automaton are Brzozowski derivatives, which are computed when a text first
 * needs them: https://en.wikipedia.org/wiki/Brzozowski_derivative
 */
export class Languages {
  readonly #known = new Map<string, Language>();
  readonly nothing = this.#intern("nothing", { kind: "nothing" }, false);
  readonly empty = this.#intern("empty", { kind: "empty" }, true);
  readonly anyCharacter = this.characters([[0, LAST_CODE_POINT]]);
  readonly anyText = this.repeat(this.anyCharacter, 0, Infinity);

  /** One of some characters. */
  characters(ranges: readonly Range[]): Language {
    const sorted = ranges.filter(([first, last]) => first <= last).sort(([a], [b]) => a - b);
    if (sorted.length === 0) return this.nothing;
    return this.#intern(`c${sorted.join(";")}`, { kind: "characters", ranges: sorted }, false);
  }

  /** Any character but those. */
  otherCharacters(ranges: readonly Range[]): Language {
    const others: Range[] = [];
    let next = 0;
    for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
      if (first > next) others.push([next, first - 1]);
      next = Math.max(next, last + 1);
    }
    if (next <= LAST_CODE_POINT) others.push([next, LAST_CODE_POINT]);
    return this.characters(others);
  }

  /** One text. */
  text(text: string): Language {
    return this.sequence(
      [...text].map((character) => {
        const code = character.codePointAt(0)!;
        return this.characters([[code, code]]);
      }),
    );
  }

  /** One language after the other. */
  sequence(parts: readonly Language[]): Language {
    return parts.reduceRight((rest, part) => this.#pair(part, rest), this.empty);
  }

  #pair(first: Language, rest: Language): Language {
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    if (first.kind === "sequence") return this.#pair(first.first, this.#pair(first.rest, rest));
    return this.#intern(
      `s${first.id},${rest.id}`,
      { kind: "sequence", first, rest },
      first.matchesEmpty && rest.matchesEmpty,
    );
  }

  /** What is in any of some languages. */
  any(parts: readonly Language[]): Language {
    const distinct = flat("any", parts).filter((part) => part !== this.nothing);
    if (distinct.includes(this.anyText)) return this.anyText;
    if (distinct.length < 2) return distinct[0] ?? this.nothing;
    const key = `o${distinct.map(({ id }) => id)}`;
    const matchesEmpty = distinct.some((part) => part.matchesEmpty);
    return this.#intern(key, { kind: "any", parts: distinct }, matchesEmpty);
  }

  /** What is in all of some languages. */
  all(parts: readonly Language[]): Language {
    const distinct = flat("all", parts).filter((part) => part !== this.anyText);
    if (distinct.includes(this.nothing)) return this.nothing;
    if (distinct.length < 2) return distinct[0] ?? this.anyText;
    const key = `a${distinct.map(({ id }) => id)}`;
    const matchesEmpty = distinct.every((part) => part.matchesEmpty);
    return this.#intern(key, { kind: "all", parts: distinct }, matchesEmpty);
  }

  /** What is not in a language. */
  not(part: Language): Language {
    if (part.kind === "not") return part.part;
    if (part === this.nothing) return this.anyText;
    if (part === this.anyText) return this.nothing;
    return this.#intern(`n${part.id}`, { kind: "not", part }, !part.matchesEmpty);
  }

  /** A language so many times after itself. */
  repeat(part: Language, min: number, max: number): Language {
    if (max < min) return this.nothing;
    if (max === 0 || part === this.empty) return this.empty;
    if (part === this.nothing) return min === 0 ? this.empty : this.nothing;
    if (min === 1 && max === 1) return part;
    const least = part.matchesEmpty ? 0 : min;
    if (part.kind === "repeat" && part.min === 0 && part.max === Infinity) return part;
    return this.#intern(
      `r${part.id},${least},${max}`,
      { kind: "repeat", part, min: least, max },
      least === 0,
    );
  }

  #intern(key: string, shape: Shape, matchesEmpty: boolean): Language {
    let language = this.#known.get(key);
    if (language === undefined) {
      if (this.#known.size >= MAX_LANGUAGES) throw tooComplex();
      language = { ...shape, id: this.#known.size, matchesEmpty } as Language;
      this.#known.set(key, language);
    }
    return language;
  }

  /** What may follow after a character, so that all of it is in the language. */
  after(language: Language, character: number): Language {
    switch (language.kind) {
      case "nothing":
      case "empty":
        return this.nothing;
      case "characters":
        return language.ranges.some(([first, last]) => first <= character && character <= last)
          ? this.empty
          : this.nothing;
      case "sequence": {
        const { first, rest } = language;
        const following = this.#pair(this.after(first, character), rest);
        if (!first.matchesEmpty) return following;
        return this.any([following, this.after(rest, character)]);
      }
      case "any":
        return this.any(language.parts.map((part) => this.after(part, character)));
      case "all":
        return this.all(language.parts.map((part) => this.after(part, character)));
      case "not":
        return this.not(this.after(language.part, character));
      case "repeat": {
        const { part, min, max } = language;
        return this.#pair(
          this.after(part, character),
          this.repeat(part, Math.max(0, min - 1), max - 1),
        );
      }
    }
  }

  /** A function that tells whether a text is in the language. It throws when that's too complex. */
  matcher(language: Language): (text: string) => boolean {
    const bounds = boundsOf(language);
    const first: State = { language, next: [] };
    const states = new Map([[language, first]]);
    const step = (state: State, character: number): State => {
      const after = this.after(state.language, character);
      let next = states.get(after);
      if (next === undefined) {
        if (states.size >= MAX_STATES) throw tooComplex();
        states.set(after, next = { language: after, next: [] });
      }
      return next;
    };
    return (text) => {
      let state = first;
      for (let i = 0; i < text.length; i++) {
        const character = text.codePointAt(i)!;
        if (character > 0xffff) i++;
        const group = groupOf(bounds, character);
        state = state.next[group] ??= step(state, character);
        if (state.language === this.nothing) return false;
      }
      return state.language.matchesEmpty;
    };
  }
}

/** A state of the automaton, with the next ones by the group of the character. */
interface State {
  language: Language;
  next: (State | undefined)[];
}

/** Without nesting and duplicates, in a stable order. */
function flat(kind: "any" | "all", parts: readonly Language[]): Language[] {
  const distinct = new Set(parts.flatMap((part) => part.kind === kind ? part.parts : [part]));
  return [...distinct].sort((a, b) => a.id - b.id);
}

/** The first characters of the groups that a language doesn't distinguish within. */
function boundsOf(language: Language): Int32Array {
  const bounds = new Set<number>();
  const seen = new Set<Language>();
  const pending = [language];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (seen.has(part)) continue;
    seen.add(part);
    if (part.kind === "characters") {
      for (const [first, last] of part.ranges) bounds.add(first).add(last + 1);
    } else if (part.kind === "sequence") pending.push(part.first, part.rest);
    else if ("parts" in part) pending.push(...part.parts);
    else if ("part" in part) pending.push(part.part);
  }
  return Int32Array.from(bounds).sort();
}

/** How many of the bounds are at or below a character. */
function groupOf(bounds: Int32Array, character: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! <= character) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tooComplex(): DslError {
  return new DslError(
    "too_complex_to_determinize_exception",
    `The expression is too complex: it needs more than ${MAX_STATES} states`,
  );
}
