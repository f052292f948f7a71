import { RECORDS_PER_SLICE, type Work } from "./work.ts";

/**
 * Groups records by a key.
 *
 * @param records ascending, as those of each group are then
 * @param keys the wanted groups
 * @param keyOf the key of a record
 * @returns the records of each wanted group
 */
export function* groupRecords(
  records: Uint32Array,
  keys: readonly number[],
  keyOf: (record: number) => number,
): Work<Uint32Array[]> {
  const placeOf = new Map(keys.map((key, place) => [key, place]));
  const places = new Int32Array(records.length);
  const starts = new Uint32Array(keys.length + 1);
  for (let i = 0; i < records.length; i++) {
    const place = placeOf.get(keyOf(records[i]!)) ?? -1;
    places[i] = place;
    if (place >= 0) starts[place + 1]!++;
    if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
  }
  for (let place = 0; place < keys.length; place++) starts[place + 1]! += starts[place]!;
  const next = starts.slice();
  const grouped = new Uint32Array(starts[keys.length]!);
  for (let i = 0; i < records.length; i++) {
    if (places[i]! >= 0) grouped[next[places[i]!]!++] = records[i]!;
    if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
  }
  return keys.map((_, place) => grouped.subarray(starts[place]!, starts[place + 1]!));
}
