import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { isObject, type JsonObject } from "../../net/json.ts";
import { invalidBody } from "./bodies.ts";
import { pythonRepr } from "./python_repr.ts";
import { notAMapping } from "./validator.ts";

/** The fields that are validated only by schemas that name them. */
const UNCHECKED_FIELDS = ["last_modified", "schema"];

/**
 * JSON schemas, each version compiled once. `format` isn't checked, since Kinto doesn't: records that
 * it accepts must be accepted here.
 */
export class Schemas {
  #loaded: Ajv | undefined;
  readonly #compiled = new Map<string, { version: number; validate: ValidateFunction }>();

  /** Loads the validator. It takes a while: readers don't need it. */
  async load(): Promise<void> {
    if (this.#loaded !== undefined) return;
    // A package that is CommonJS has only its default export in a bundle.
    const { default: { Ajv } } = await import("ajv");
    this.#loaded = new Ajv({
      strict: false,
      allErrors: true,
      verbose: true,
      validateFormats: false,
      addUsedSchema: false,
      logger: false,
    });
  }

  get #ajv(): Ajv {
    if (this.#loaded === undefined) throw new Error("load() must be called first");
    return this.#loaded;
  }

  /** Checks that a value is a JSON schema. @throws {Refusal} 400 under the name of its field */
  check(field: string, value: unknown): void {
    if (!isObject(value)) throw invalidBody(field, notAMapping(value));
    if (this.#ajv.validateSchema(withoutDialect(value))) return;
    const errors = this.#ajv.errors ?? [];
    const error = errors.find(isAlternative) ?? errors[0];
    const at = error?.instancePath.split("/").at(-1) ?? "";
    throw invalidBody(field, at + (error ? messageOf(error) : "is no JSON schema"));
  }

  /**
   * Validates an object.
   *
   * @param name of the schema; compiled schemas are cached by name and version
   * @throws {Refusal} 400 with Kinto's message for the same mistake
   */
  validate(object: JsonObject, schema: JsonObject, name: string, version: number): void {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const ignored = Object.hasOwn(properties, "id")
      ? UNCHECKED_FIELDS
      : [...UNCHECKED_FIELDS, "id"];
    const validate = this.#compile(schema, ignored, name, version);
    const checked = { ...object };
    for (const field of ignored) delete checked[field];
    if (validate(checked)) return;
    const { field, message } = firstOf(validate.errors ?? [], validate.schema);
    throw invalidBody(field, message);
  }

  #compile(
    schema: JsonObject,
    ignored: readonly string[],
    name: string,
    version: number,
  ): ValidateFunction {
    const known = this.#compiled.get(name);
    if (known?.version === version) return known.validate;
    const usable = withoutDialect(schema);
    const { required, ...rest } = usable;
    const needed = Array.isArray(required)
      ? required.filter((field) => !ignored.includes(String(field)))
      : [];
    try {
      // "required" keeps its place among the keywords: the first mistake is reported.
      const reduced = needed.length > 0 ? { ...usable, required: needed } : rest;
      const validate = this.#ajv.compile(reduced);
      this.#compiled.set(name, { version, validate });
      return validate;
    } catch (error) {
      // Such as a $ref without a target.
      throw invalidBody("schema", (error as Error).message);
    }
  }
}

/** The schema without what would make the validator asynchronous, or look for another one. */
function withoutDialect(schema: JsonObject): JsonObject {
  const { $schema: _dialect, $async: _async, $id: _id, ...rest } = schema;
  return rest;
}

/**
 * The mistake that is reported, the one that Kinto chooses: the first in a walk through the schema,
 * keyword by keyword, in the order in which it was written.
 */
function firstOf(
  errors: readonly ErrorObject[],
  schema: unknown,
): { field: string; message: string } {
  const outer = errors.filter((error) => !isWithinAlternative(error, errors));
  if (outer.length === 0) return { field: "data", message: "is invalid" };
  const { error: first } = outer
    .map((error) => ({ error, place: placeOf(error.schemaPath, schema) }))
    .reduce((best, other) => other.place < best.place ? other : best);
  const { keyword, instancePath, schema: keywordValue, schemaPath } = first;
  const message = keyword === "additionalProperties"
    ? extrasMessage(
      errors.filter((error) =>
        error.instancePath === instancePath && error.schemaPath === schemaPath
      ).map(({ params }) => String(params.additionalProperty)),
    )
    : messageOf(first);
  const last = typeof keywordValue === "string" || Array.isArray(keywordValue)
    ? keywordValue.at(-1)
    : undefined;
  const field = instancePath.split("/").at(-1) || String(last ?? keyword);
  return { field: unescaped(field), message };
}

/** A keyword's place in a schema, as a text that sorts by place. */
function placeOf(schemaPath: string, schema: unknown): string {
  let part = schema;
  return schemaPath.split("/").slice(1).map((step) => {
    const name = unescaped(decodeURIComponent(step));
    const container = typeof part === "object" && part !== null ? part as JsonObject : {};
    part = container[name];
    return String(Object.keys(container).indexOf(name)).padStart(5, "0");
  }).join();
}

function unescaped(pointer: string): string {
  return pointer.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Whether an error only explains why an `anyOf` or `oneOf` above it failed. */
function isWithinAlternative(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return errors.some((other) =>
    isAlternative(other) && other !== error && error.schemaPath.startsWith(`${other.schemaPath}/`)
  );
}

function isAlternative({ keyword }: ErrorObject): boolean {
  return keyword === "anyOf" || keyword === "oneOf";
}

function extrasMessage(extras: string[]): string {
  const names = [...new Set(extras)].sort().map(pythonRepr).join(", ");
  const verb = extras.length === 1 ? "was" : "were";
  return `Additional properties are not allowed (${names} ${verb} unexpected)`;
}

/** Kinto's messages, by keyword; `value` is the keyword's value in the schema. */
const MESSAGES: Record<string, (value: unknown) => string> = {
  type: (value) => `is not of type ${[value].flat().map(pythonRepr).join(", ")}`,
  enum: (value) => `is not one of ${pythonRepr(value)}`,
  pattern: (value) => `does not match ${pythonRepr(value)}`,
  minimum: (value) => `is less than the minimum of ${pythonRepr(value)}`,
  maximum: (value) => `is greater than the maximum of ${pythonRepr(value)}`,
  minLength: (value) => value === 1 ? "should be non-empty" : "is too short",
  minItems: (value) => value === 1 ? "should be non-empty" : "is too short",
  maxLength: (value) => value === 0 ? "is expected to be empty" : "is too long",
  maxItems: (value) => value === 0 ? "is expected to be empty" : "is too long",
  uniqueItems: () => "has non-unique elements",
  anyOf: () => "is not valid under any of the given schemas",
  oneOf: () => "is not valid under any of the given schemas",
};

/** Kinto's message for a mistake, or else the validator's. */
function messageOf({ keyword, data, schema, params, message }: ErrorObject): string {
  if (keyword === "required") return `${pythonRepr(params.missingProperty)} is a required property`;
  if (keyword === "const") return `${pythonRepr(schema)} was expected`;
  return `${pythonRepr(data)} ${MESSAGES[keyword]?.(schema) ?? message ?? "is invalid"}`;
}
