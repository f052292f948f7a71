import type { Language, Languages } from "./automaton.ts";

const ZERO = 0x30;

/**
 * The decimal numbers of an interval.
 *
 * @param digits how many digits they have; by default as many as needed, or more zeros in front
 */
export function decimalInterval(
  languages: Languages,
  min: number,
  max: number,
  digits?: number,
): Language {
  if (digits !== undefined) return between(languages, padded(min, digits), padded(max, digits));
  const lengths: Language[] = [];
  for (let length = String(min).length; length <= String(max).length; length++) {
    const first = Math.max(min, length === 1 ? 0 : 10 ** (length - 1));
    const last = Math.min(max, 10 ** length - 1);
    lengths.push(between(languages, String(first), String(last)));
  }
  const zeros = languages.repeat(digit(languages, 0, 0), 0, Infinity);
  return languages.sequence([zeros, languages.any(lengths)]);
}

/** The texts of digits between two of the same length. */
function between(languages: Languages, first: string, last: string): Language {
  if (first === "") return languages.empty;
  const [low, high] = [Number(first[0]), Number(last[0])];
  const [lowRest, highRest] = [first.slice(1), last.slice(1)];
  if (low === high) {
    return languages.sequence([digit(languages, low, low), between(languages, lowRest, highRest)]);
  }
  const anyRest = languages.repeat(digit(languages, 0, 9), lowRest.length, lowRest.length);
  return languages.any([
    languages.sequence([
      digit(languages, low, low),
      between(languages, lowRest, "9".repeat(lowRest.length)),
    ]),
    languages.sequence([digit(languages, low + 1, high - 1), anyRest]),
    languages.sequence([
      digit(languages, high, high),
      between(languages, "0".repeat(highRest.length), highRest),
    ]),
  ]);
}

function digit(languages: Languages, first: number, last: number): Language {
  return languages.characters([[ZERO + first, ZERO + last]]);
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}
