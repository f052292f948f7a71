import type { BuildIndex, Field, GroupedField } from "./build_index.ts";
import { noBits, setBit } from "./bits.ts";
import type { RecordSet } from "./record_set.ts";

/** Fields of few values. */
const SCANNED = ["source.product", "target.channel", "target.platform", "target.locale"] as const;

/** As revisions are shown, and stored for nightlies: their first characters. */
const SHORT_REVISION = 12;

/**
 * The records that a word finds. A word that is a whole value, such as `fr`, `60.0` or a build id,
 * means just that one. Otherwise it is the beginning of one, or of a part after a dash: `win`, `60`,
 * `x86`. Build ids are found by their first 4 digits, revisions by their first 6.
 */
export function recordsWith(index: BuildIndex, word: string): RecordSet {
  const exact = codesWhere(index, word, (value) => value === word, exactly(index, word));
  const whole = recordsOf(index, exact);
  // Values that no record has any more are still known.
  if ((whole.list ?? whole.bits).some((records) => records !== 0)) return whole;
  return recordsOf(
    index,
    codesWhere(
      index,
      word,
      (value) => value.startsWith(word) || value.includes(`-${word}`),
      beginning(index, word),
    ),
  );
}

/** The records that have one of some values in a field. */
export function recordsWithValues(index: BuildIndex, field: Field, values: string[]): RecordSet {
  const codes = values.flatMap((value) =>
    value === "" ? [] : index.columns[field].codeOf.get(value) ?? []
  );
  return recordsOf(index, [[field, codes]]);
}

/** The records published on these days. */
export function recordsBetween(index: BuildIndex, from = "0", to = "9"): RecordSet {
  const codes = rangeOf(index, "download.date", from, `${to}\uffff`);
  return recordsOf(index, [["download.date", codes]]);
}

/** Values' numbers by field; only fields with some. */
type Codes = [Field, ArrayLike<number>][];

function codesWhere(
  index: BuildIndex,
  word: string,
  matches: (lowered: string) => boolean,
  more: Codes,
): Codes {
  const all: Codes = more;
  for (const field of SCANNED) {
    const codes = index.columns[field].values.flatMap((value, code) =>
      code > 0 && matches(value.toLowerCase()) ? code : []
    );
    all.push([field, codes]);
  }
  const versions = index.columns["target.version"].values;
  if (/^\d/.test(word)) {
    const codes: number[] = [];
    for (let code = 1; code < versions.length; code++) {
      if (matches(versions[code]!.toLowerCase())) codes.push(code);
    }
    all.push(["target.version", codes]);
  }
  return all.filter(([, codes]) => codes.length > 0);
}

/** A build id, or a revision, of which some records have only the beginning. */
function exactly(index: BuildIndex, word: string): Codes {
  const revisions = index.columns["source.revision"].codeOf;
  const isLong = /^[0-9a-f]{13,40}$/.test(word);
  const revision = revisions.has(word) || !isLong ? word : word.slice(0, SHORT_REVISION);
  return [
    ["build.id", [index.columns["build.id"].codeOf.get(word) ?? []].flat()],
    ["source.revision", [revisions.get(revision) ?? []].flat()],
  ];
}

function beginning(index: BuildIndex, word: string): Codes {
  const [from, to] = [word, `${word}\uffff`];
  return [
    ["build.id", /^\d{4,}$/.test(word) ? rangeOf(index, "build.id", from, to) : []],
    [
      "source.revision",
      /^[0-9a-f]{6,}$/.test(word) ? rangeOf(index, "source.revision", from, to) : [],
    ],
  ];
}

/** The numbers of the values from one to another, in a field whose order is that of texts. */
function rangeOf(
  index: BuildIndex,
  field: Exclude<GroupedField, "target.version">,
  from: string,
  to: string,
): Uint32Array {
  const { values } = index.columns[field];
  const order = index.columns[field].order();
  const lowerBound = (text: string) => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[order[middle]!]! < text) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return order.subarray(Math.max(lowerBound(from), 1), lowerBound(to));
}

function recordsOf(index: BuildIndex, codes: Codes): RecordSet {
  const { live, records } = index;
  const few = fewRecordsOf(index, codes, live.length);
  if (few !== undefined) return { list: few };
  const bits = noBits(live.length * 32);
  for (const [field, wanted] of codes) {
    if (isGrouped(field)) {
      const { ranks, starts, records } = index.grouped(field);
      for (let i = 0; i < wanted.length; i++) {
        const rank = ranks[wanted[i]!]!;
        for (let at = starts[rank]!; at < starts[rank + 1]!; at++) setBit(bits, records[at]!);
      }
    } else {
      const column = index.columns[field];
      const isWanted = new Uint8Array(column.values.length);
      for (let i = 0; i < wanted.length; i++) isWanted[wanted[i]!] = 1;
      for (let i = 0; i < records.length; i++) {
        const record = records[i]!;
        if (isWanted[column.codes[record]!] === 1) setBit(bits, record);
      }
    }
  }
  return { bits };
}

/** The records, when the groups tell that they are no more than so many. */
function fewRecordsOf(index: BuildIndex, codes: Codes, most: number): Uint32Array | undefined {
  const ranges: Uint32Array[] = [];
  let count = 0;
  for (const [field, wanted] of codes) {
    if (wanted.length === 0) continue;
    if (!isGrouped(field)) return undefined;
    const { ranks, starts, records } = index.grouped(field);
    for (let i = 0; i < wanted.length; i++) {
      const rank = ranks[wanted[i]!]!;
      const range = records.subarray(starts[rank]!, starts[rank + 1]!);
      count += range.length;
      if (count > most) return undefined;
      ranges.push(range);
    }
  }
  const few = new Uint32Array(count);
  let next = 0;
  for (const range of ranges) {
    few.set(range, next);
    next += range.length;
  }
  few.sort();
  return few.filter((record, i) => i === 0 || record !== few[i - 1]);
}

function isGrouped(field: Field): field is GroupedField {
  return !(SCANNED as readonly Field[]).includes(field);
}
