import type { KintoRecord } from "./kinto_request.ts";
import type { Outcome } from "./outcome.ts";

/** Returns one message for each violation; none for a valid record. */
export type RecordValidator = (record: KintoRecord) => string[];

/**
 * A validator for the JSON schema of a collection, with the exceptions that Kinto makes: its own
 * `last_modified` and `schema` are no part of the record, nor is the id unless the schema names it.
 *
 * @throws {Error} when it isn't a JSON schema that can be used
 */
export async function recordValidator(schema: object): Promise<RecordValidator> {
  // Packages that are CommonJS have only their default export in a bundle.
  const { default: { Ajv } } = await import("ajv");
  const { default: formats } = await import("ajv-formats");
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
  // Only these: Kinto checks no format, and a record's URL has plain spaces, which no "uri" may.
  formats.default(ajv, ["date", "date-time"]);
  const { $schema: _, $id: __, ...rest } = schema as { $schema?: unknown; $id?: unknown };
  const { properties = {}, required = [] } = rest as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const ignored = ["last_modified", "schema", ..."id" in properties ? [] : ["id"]];
  const validate = ajv.compile({
    ...rest,
    required: required.filter((name) => !ignored.includes(name)),
  });
  return (record) => {
    const content = Object.entries(record).filter(([name]) => !ignored.includes(name));
    if (validate(Object.fromEntries(content))) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const where = instancePath.slice(1).replaceAll("/", ".") || "the record";
      const { additionalProperty, allowedValues } = params as Record<string, unknown>;
      const what = additionalProperty ?? (allowedValues as unknown[] | undefined)?.join(", ");
      return `${where} ${message}${what === undefined ? "" : `: ${what}`}`;
    });
  };
}

/** Returns whether a record is valid; one that isn't is refused with all its violations. */
export function validBy(
  validate: RecordValidator,
  outcome: Outcome,
): (record: KintoRecord) => boolean {
  return (record) => {
    const violations = validate(record);
    if (violations.length > 0) outcome.refuse(record.id ?? "(no id)", violations.join("; "));
    return violations.length === 0;
  };
}

/** Passes on valid records, and refuses the others. */
export function valid<T extends KintoRecord>(
  validate: RecordValidator,
  outcome: Outcome,
): TransformStream<T, T> {
  const isValid = validBy(validate, outcome);
  return new TransformStream({
    transform(record, controller) {
      if (isValid(record)) controller.enqueue(record);
    },
  });
}
