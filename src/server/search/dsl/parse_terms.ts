import type { AggregationBody, BucketOrder, TermFilter } from "./aggregation.ts";
import { minimum, parseOrder, readField } from "./aggregation_options.ts";
import { illegalArgument, unsupported } from "./dsl_error.ts";
import {
  booleanOf,
  integerOf,
  isObject,
  isScalar,
  type Json,
  type JsonObject,
  type Scalar,
  textOf,
} from "./json.ts";

/** Reads the aggregation `terms`. @throws {DslError} */
export function parseTerms(body: JsonObject, name: string): AggregationBody {
  let [size, minDocCount, shardMinDocCount, showsError] = [10, 1, 0, false];
  let shardSize: number | undefined;
  let [include, exclude]: (TermFilter | undefined)[] = [];
  let order: BucketOrder[] = [{ by: "count", direction: -1 }];
  const positive = (value: Json, option: string): number => {
    const number = integerOf(value, option);
    if (number <= 0) {
      throw illegalArgument(`[${option}] must be greater than 0. Found [${number}] in [${name}]`);
    }
    return number;
  };
  const ofField = readField("terms", body, {
    size: (value, option) => size = positive(value, option),
    shard_size: (value, option) => shardSize = positive(value, option),
    min_doc_count: (value, option) => minDocCount = minimum(value, option),
    shard_min_doc_count: (value, option) => shardMinDocCount = minimum(value, option),
    show_term_doc_count_error: (value, option) => showsError = booleanOf(value, option),
    execution_hint: (value, option) => void textOf(value, option),
    collect_mode: (value, option) => {
      if (!/^(depth|breadth)_first$/.test(textOf(value, option))) {
        throw illegalArgument(`no [collect_mode] found for value [${value}]`);
      }
    },
    order: (value) => order = parseOrder(value),
    include: (value, option) => include = termFilter(value, option),
    exclude: (value, option) => exclude = termFilter(value, option),
  });
  if (include !== undefined && exclude !== undefined && typeof include !== typeof exclude) {
    throw illegalArgument("Cannot mix a regex-based include with a set-based method");
  }
  return {
    kind: "terms",
    ...ofField,
    ...{ size, shardSize, minDocCount, shardMinDocCount, showsError, order, include, exclude },
  };
}

function termFilter(value: Json, option: string): TermFilter {
  if (typeof value === "string") return value;
  if (isObject(value)) throw unsupported(`The option [${option}] with partitions`);
  if (!Array.isArray(value) || !value.every(isScalar)) {
    throw illegalArgument(`[${option}] must be a regular expression or a list of values`);
  }
  return value as Scalar[];
}
