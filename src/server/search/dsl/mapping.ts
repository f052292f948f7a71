import { isObject, type Json } from "./json.ts";

/** How a field is indexed. Dates are milliseconds since 1970. */
export type FieldType =
  | { kind: "keyword" }
  | { kind: "long" }
  | { kind: "date"; format: string };

/** The fields that can be searched, by their path, such as `target.version`. */
export type Mapping = ReadonlyMap<string, FieldType>;

/** Elasticsearch's default for dates. */
export const DEFAULT_DATE_FORMAT = "strict_date_optional_time||epoch_millis";

/**
 * What kinto-elasticsearch indexes without being asked: Kinto adds the timestamp of the schema to
 * each record that it validates.
 */
const UNDECLARED: Readonly<Record<string, FieldType>> = { schema: { kind: "long" } };

/**
 * Reads the collection's attribute `index:schema`. Fields of types that aren't supported can't be
 * searched.
 *
 * @example
 * ```ts
 * import { mappingOf } from "./mapping.ts";
 * const mapping = mappingOf({ properties: { build: { properties: { id: { type: "keyword" } } } } });
 * if (mapping.get("build.id")?.kind !== "keyword") throw new Error("not found");
 * ```
 */
export function mappingOf(indexSchema: Json | undefined): Mapping {
  const fields = new Map<string, FieldType>();
  const read = (schema: Json | undefined, path: string) => {
    if (!isObject(schema)) return;
    if (isObject(schema.properties)) {
      for (const [name, property] of Object.entries(schema.properties)) {
        read(property, path === "" ? name : `${path}.${name}`);
      }
      return;
    }
    const type = typeOf(schema.type, schema.format);
    if (type !== undefined) fields.set(path, type);
  };
  read(indexSchema, "");
  for (const [field, type] of Object.entries(UNDECLARED)) {
    if (!fields.has(field)) fields.set(field, type);
  }
  return fields;
}

function typeOf(type: Json | undefined, format: Json | undefined): FieldType | undefined {
  if (type === "keyword" || type === "long") return { kind: type };
  if (type !== "date") return undefined;
  return { kind: "date", format: typeof format === "string" ? format : DEFAULT_DATE_FORMAT };
}

/** The fields that a pattern with `*` stands for; without one, the field itself, known or not. */
export function fieldsLike(mapping: Mapping, pattern: string): string[] {
  if (!pattern.includes("*")) return [pattern];
  const expression = new RegExp(`^${pattern.split(/\*+/).map(escaped).join(".*?")}$`, "s");
  return [...mapping.keys()].filter((field) => expression.test(field));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
