import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { isObject, type JsonObject } from "../http/json.ts";
import { pythonRepr } from "../http/python_repr.ts";
import { invalidBody } from "../http/reply.ts";
import { notAMapping } from "../http/body.ts";

/** The fields that a schema says nothing of, unless it names them. */
const UNCHECKED_FIELDS = ["last_modified", "schema"];

/**
 * JSON schemas, compiled once a version. `format` isn't checked: Kinto doesn't, and a record that it
 * takes must not be refused here.
 */
export class Schemas {
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, { version: number; validate: ValidateFunction }>();

  private constructor(ajv: Ajv) {
    this.#ajv = ajv;
  }

  /** Loads the validator; it takes a while, so it's done when something is written first. */
  static async load(): Promise<Schemas> {
    // A package that is CommonJS has only its default export in a bundle.
    const { default: { Ajv } } = await import("ajv");
    return new Schemas(
      new Ajv({
        strict: false,
        allErrors: true,
        verbose: true,
        validateFormats: false,
        addUsedSchema: false,
        logger: false,
      }),
    );
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
   * @param name of the schema: with the version, it tells what was compiled before
   * @throws {Refusal} 400 with the message that Kinto has for the same mistake
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
    const { required, ...rest } = withoutDialect(schema);
    const needed = Array.isArray(required)
      ? required.filter((field) => !ignored.includes(String(field)))
      : [];
    try {
      const validate = this.#ajv.compile(needed.length > 0 ? { ...rest, required: needed } : rest);
      this.#compiled.set(name, { version, validate });
      return validate;
    } catch (error) {
      // Such as a $ref that leads nowhere.
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
 * The mistake that is told of several, as Kinto chooses it: the first one that is met when going
 * through the schema, keyword by keyword, in the order in which it was written.
 */
function firstOf(
  errors: readonly ErrorObject[],
  schema: unknown,
): { field: string; message: string } {
  const outer = errors.filter((error) => !isWithinAlternative(error, errors));
  const places = new Map(outer.map((error) => [error, placeOf(error.schemaPath, schema)]));
  const [first] = outer.toSorted((a, b) => compare(places.get(a) ?? "", places.get(b) ?? ""));
  if (!first) return { field: "data", message: "is invalid" };
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

/** Where a keyword stands in a schema, as a text that sorts like the places do. */
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function extrasMessage(extras: string[]): string {
  const names = [...new Set(extras)].sort().map(pythonRepr).join(", ");
  const verb = extras.length === 1 ? "was" : "were";
  return `Additional properties are not allowed (${names} ${verb} unexpected)`;
}

/** What Kinto says of a mistake; where it isn't known, what the validator says. */
function messageOf({ keyword, data, schema, params, message }: ErrorObject): string {
  const value = pythonRepr(data);
  switch (keyword) {
    case "type":
      return `${value} is not of type ${[schema].flat().map(pythonRepr).join(", ")}`;
    case "required":
      return `${pythonRepr(params.missingProperty)} is a required property`;
    case "enum":
      return `${value} is not one of ${pythonRepr(schema)}`;
    case "const":
      return `${pythonRepr(schema)} was expected`;
    case "pattern":
      return `${value} does not match ${pythonRepr(schema)}`;
    case "minimum":
      return `${value} is less than the minimum of ${pythonRepr(schema)}`;
    case "maximum":
      return `${value} is greater than the maximum of ${pythonRepr(schema)}`;
    case "minLength":
    case "minItems":
      return `${value} ${schema === 1 ? "should be non-empty" : "is too short"}`;
    case "maxLength":
    case "maxItems":
      return `${value} ${schema === 0 ? "is expected to be empty" : "is too long"}`;
    case "uniqueItems":
      return `${value} has non-unique elements`;
    case "anyOf":
    case "oneOf":
      return `${value} is not valid under any of the given schemas`;
    default:
      return `${value} ${message ?? "is invalid"}`;
  }
}
