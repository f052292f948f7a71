import { formatOf, missingNumber, notNumeric } from "./aggregated_numbers.ts";
import type { Aggregation } from "./aggregation.ts";
import type {
  AggregationAnswer,
  AggregationContext,
  Found,
  Preparation,
} from "./aggregation_run.ts";
import type { NumberColumn } from "./columns.ts";
import { printDate } from "./dates.ts";
import type { Scalar } from "./json.ts";
import { done, RECORDS_PER_SLICE } from "./work.ts";

/** Counts the different values of a field, exactly. @throws {DslError} */
export function cardinality(
  field: string,
  missing: Scalar | undefined,
  context: AggregationContext,
): Preparation {
  const type = context.mapping.get(field);
  if (type === undefined) {
    // With a value for those without, all have the same.
    return constant(({ records }) => ({
      value: missing === undefined || records.length === 0 ? 0 : 1,
    }));
  }
  context.onField(field);
  const substitute = missing === undefined
    ? undefined
    : type.kind === "keyword"
    ? String(missing)
    : missingNumber(missing, type, context);
  return ({ index }) => {
    const column = index.column(field);
    return done(function* ({ records }) {
      const seen = new Set<number | string>();
      for (let i = 0; i < records.length; i++) {
        if (column.kind === "keyword") {
          const code = column.code(records[i]!);
          if (code !== 0) seen.add(code);
          else if (substitute !== undefined) seen.add(column.codeOf.get(`${substitute}`) ?? "");
        } else {
          const value = column.value(records[i]!);
          if (!Number.isNaN(value)) seen.add(value);
          else if (substitute !== undefined) seen.add(substitute);
        }
        if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      return { value: seen.size };
    });
  };
}

/** The least or the greatest number of a field. @throws {DslError} when it has texts */
export function extreme(
  { kind, field, missing, format }: Aggregation & { kind: "min" | "max" },
  context: AggregationContext,
): Preparation {
  const type = context.mapping.get(field);
  if (type === undefined) return constant(() => ({ value: null }));
  if (type.kind === "keyword") throw notNumeric(field);
  context.onField(field);
  const shownFormat = formatOf(type, format);
  const substitute = missing === undefined ? NaN : missingNumber(missing, type, context, format);
  return ({ index }) => {
    const column = index.column(field) as NumberColumn;
    return done(function* ({ records }) {
      let best = NaN;
      for (let i = 0; i < records.length; i++) {
        const own = column.value(records[i]!);
        const value = Number.isNaN(own) ? substitute : own;
        if (kind === "min" ? !(value >= best) : !(value <= best)) {
          if (!Number.isNaN(value)) best = value;
        }
        if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      if (Number.isNaN(best)) return { value: null };
      return {
        value: best,
        ...shownFormat && { value_as_string: printDate(best, shownFormat) },
      };
    });
  };
}

function constant(answer: (found: Found) => AggregationAnswer): Preparation {
  return () => done((found) => done(answer(found)));
}
