import { type Bits, hasBit } from "../bits.ts";
import { type Matches, scoreOf } from "./matches.ts";
import { eachRecord } from "./record_index.ts";
import type { Work } from "./work.ts";

/**
 * The scores of a `bool` query: the sum of what the clauses give. Rounded like Lucene's, which adds
 * in 64 bits and keeps 32.
 *
 * @param required clauses that all match
 * @param optional clauses of which some match
 * @param bits the records that are asked for
 */
export function* addScores(
  required: readonly Matches[],
  optional: readonly Matches[],
  bits: Bits,
): Work<number | Float32Array> {
  const isConstant = optional.length === 0 &&
    required.every(({ score }) => typeof score === "number");
  const sumOf = (parts: readonly Matches[], record: number) => {
    let sum = 0;
    for (const part of parts) sum += scoreOf(part, record);
    return Math.fround(sum);
  };
  if (isConstant) return sumOf(required, 0);
  const scores = new Float32Array(bits.length * 32);
  yield* eachRecord(bits, (record) => {
    let sum = 0;
    for (let i = 0; i < optional.length; i++) {
      if (hasBit(optional[i]!.bits, record)) sum += scoreOf(optional[i]!, record);
    }
    scores[record] = sumOf(required, record) + Math.fround(sum);
  });
  return scores;
}

/** The best score that any of some queries gives. */
export function* bestScores(
  parts: readonly Matches[],
  size: number,
): Work<Float32Array> {
  const scores = new Float32Array(size + 31 & ~31);
  for (const part of parts) {
    yield* eachRecord(part.bits, (record) => {
      const score = scoreOf(part, record);
      if (score > scores[record]!) scores[record] = score;
    });
  }
  return scores;
}
