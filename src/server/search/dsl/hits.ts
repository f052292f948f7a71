import type { RecordIndex } from "./record_index.ts";
import { isByScore, type Order, type SortMatcher } from "./sort.ts";
import { type Sort } from "./parse_sort.ts";
import { type Compare, firstSorted } from "./sorting.ts";
import { type SourceFilter, sourceFilter } from "./source_filter.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

/** Found records, as Elasticsearch 6 answers. */
export interface Hits {
  total: number;
  max_score: number | null;
  hits: Hit[];
}

/** One found record. */
export interface Hit {
  _index: string;
  _type: string;
  _id: string;
  _score: number | null;
  _source?: object;
  /** What it is sorted by. */
  sort?: (string | number | null)[];
}

/** Which of the found records are answered, and how. */
export interface HitsOptions {
  from: number;
  size: number;
  /** Empty: the best scores first. */
  sort: readonly Sort[];
  source: SourceFilter;
  /** Whether scores are computed though the order is another one. */
  tracksScores: boolean;
  /** Whether scores are shown when they are one of several criteria of the order. */
  showsSortedScores: boolean;
}

/** Whether scores are needed to answer. */
export function needsScores({ sort, from, size, tracksScores }: HitsOptions): boolean {
  return tracksScores || (sort.length === 0 ? from + size > 0 : isByScore(sort));
}

/**
 * Picks a page of records.
 *
 * @param records all that were found, ascending
 * @param scoreOf their scores
 * @param sorted the order of `sort`
 * @param indexName given in each hit
 */
export function* pickHits(
  index: RecordIndex,
  records: Uint32Array,
  scoreOf: (record: number) => number,
  options: HitsOptions,
  sorted: SortMatcher,
  indexName: string,
): Work<Hits> {
  const { from, size, sort, source, tracksScores, showsSortedScores } = options;
  const isDefault = sort.length === 0 ||
    sort.length === 1 && sort[0]!.field === "_score" && sort[0]!.direction === -1;
  const order: Order | undefined = isDefault ? undefined : yield* sorted(index, scoreOf);
  const byScore: Compare = (a, b) => scoreOf(b) - scoreOf(a) || a - b;
  const first = yield* firstSorted(
    records,
    Math.min(records.length, from + size),
    order?.compare ?? byScore,
  );
  const hasScore = isDefault || tracksScores;
  const show = source && sourceFilter(source);
  const hits: Hit[] = [];
  for (const record of first.subarray(from)) {
    const found = index.source(record);
    if (found === undefined) continue;
    hits.push({
      _index: indexName,
      _type: indexName,
      _id: found.id,
      _score: hasScore || showsSortedScores && isByScore(sort) ? scoreOf(record) : null,
      ...show && { _source: show(found) },
      ...order && { sort: order.valuesOf(record) },
    });
    if (hits.length % 100 === 0) yield;
  }
  let maxScore: number | null = null;
  if (hasScore && first.length > 0) {
    if (order === undefined && first.length > 0) maxScore = scoreOf(first[0]!);
    else {
      maxScore = 0;
      for (let i = 0; i < records.length; i++) {
        maxScore = Math.max(maxScore, scoreOf(records[i]!));
        if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
    }
  }
  return { total: records.length, max_score: maxScore, hits };
}
