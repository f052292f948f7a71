import { DslError } from "./dsl_error.ts";

/**
 * How many optional clauses must match: of a number, a percentage, or conditions such as
 * `2<75% 9<-3`.
 *
 * @see https://www.elastic.co/guide/en/elasticsearch/reference/6.8/query-dsl-minimum-should-match.html
 * @throws {DslError} when it can't be read
 */
export function minimumShouldMatch(clauses: number, given: string): number {
  const text = given.trim();
  if (text.includes("<")) {
    let result = clauses;
    for (const condition of text.replace(/\s+<\s*|\s*<\s+/g, "<").split(" ")) {
      const [bound = "", minimum] = condition.split("<");
      if (clauses <= integer(bound)) return result;
      if (minimum === undefined) throw wrong(given);
      result = minimumShouldMatch(clauses, minimum);
    }
    return result;
  }
  if (text.includes("%")) {
    // Elasticsearch computes with 32-bit floats.
    const share = Math.fround(clauses * integer(text.slice(0, -1)) * Math.fround(0.01));
    return Math.max(0, share < 0 ? clauses + Math.trunc(share) : Math.trunc(share));
  }
  const number = integer(text);
  return Math.max(0, number < 0 ? clauses + number : number);
}

function integer(text: string): number {
  if (!/^[+-]?\d{1,10}$/.test(text) || Math.abs(Number(text)) > 2 ** 31 - 1) throw wrong(text);
  return Number(text);
}

function wrong(text: string): DslError {
  return new DslError("number_format_exception", `For input string: "${text}"`);
}
