import type { Scalar } from "./json.ts";
import type { Query } from "./query.ts";
import type { HitsOptions } from "./hits.ts";

/** Aggregations by name. */
export type Aggregations = ReadonlyMap<string, Aggregation>;

/** An aggregation as it was sent: its fields aren't checked against the mapping yet. */
export type Aggregation = {
  /** Aggregations of each bucket. */
  inner: Aggregations;
  /** Given back as it is. */
  meta: unknown;
} & AggregationBody;

/** What the kinds of aggregations have. */
export type AggregationBody =
  | TermsAggregation
  | DateHistogramAggregation
  | { kind: "filter"; filter: Query }
  | {
    kind: "filters";
    /** In the order of the answer. */
    filters: [key: string, filter: Query][];
    isKeyed: boolean;
    /** The key of a bucket for what no filter matches. */
    otherKey: string | undefined;
  }
  | { kind: "global" }
  | { kind: "cardinality"; field: string; missing: Scalar | undefined }
  | {
    kind: "min" | "max";
    field: string;
    missing: Scalar | undefined;
    /** How dates are shown as well; by default as the mapping says. */
    format: string | undefined;
  }
  | { kind: "top_hits" } & HitsOptions;

/** A bucket for each value of a field. */
export interface TermsAggregation {
  kind: "terms";
  field: string;
  size: number;
  /** With this many buckets, Elasticsearch isn't sure that it has the right ones. */
  shardSize: number | undefined;
  minDocCount: number;
  /** The same, before the first `shardSize` are picked. */
  shardMinDocCount: number;
  order: BucketOrder[];
  include: TermFilter | undefined;
  exclude: TermFilter | undefined;
  missing: Scalar | undefined;
  format: string | undefined;
  showsError: boolean;
}

/** A bucket for each span of time. */
export interface DateHistogramAggregation {
  kind: "date_histogram";
  field: string;
  interval: Interval;
  minDocCount: number;
  order: BucketOrder[];
  missing: Scalar | undefined;
  format: string | undefined;
  isKeyed: boolean;
}

/** A span of the calendar, or a number of milliseconds. */
export type Interval = { unit: string } | { ms: number };

/** What buckets are sorted by. */
export interface BucketOrder {
  by: "count" | "key";
  direction: 1 | -1;
}

/** A regular expression of Lucene, or a list of values. */
export type TermFilter = string | Scalar[];
