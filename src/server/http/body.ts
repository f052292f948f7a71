import { isObject, type JsonObject } from "./json.ts";
import { PERMISSIONS } from "../access/permissions.ts";
import { pythonRepr, pythonStr } from "./python_repr.ts";
import { invalid, type InvalidPart } from "./reply.ts";
import type { Kind } from "./route.ts";
import type { Acl } from "../store/store.ts";

/** The body of a request on an object. */
export interface ObjectBody {
  data?: JsonObject;
  permissions?: Acl;
}

/** The headers that make a request conditional. */
export interface Conditions {
  ifMatch?: number | "*";
  ifNoneMatch?: number | "*";
}

/** What is said of a value that should be an object. */
export function notAMapping(value: unknown): string {
  return `"${pythonStr(value)}" is not a mapping type: Does not implement dict-like functionality.`;
}

/**
 * Reads the conditional headers.
 *
 * @returns what is wrong is added to `errors`
 */
export function conditionsOf(
  header: (name: string) => string | undefined,
  errors: InvalidPart[],
): Conditions {
  const read = (name: string) => {
    const value = header(name);
    if (value === undefined || value === "*") return value;
    const digits = /^"(\d+)"$/.exec(value)?.[1];
    if (digits !== undefined) return Number(digits);
    const description = "The value should be integer between double quotes.";
    errors.push({ location: "header", name, description });
    return undefined;
  };
  return { ifMatch: read("If-Match"), ifNoneMatch: read("If-None-Match") };
}

/**
 * Checks the form of a body: nothing but `data` and `permissions`, both of them objects.
 *
 * @returns what is wrong is added to `errors`
 */
export function objectBodyOf(body: unknown, kind: Kind, errors: InvalidPart[]): ObjectBody {
  const refuse = (name: string, description: string) => {
    errors.push({ location: "body", name, description });
  };
  if (!isObject(body)) {
    refuse("", notAMapping(body));
    return {};
  }
  const { data, permissions, ...unknown } = body;
  if (Object.keys(unknown).length > 0) {
    refuse("", `Unrecognized keys in mapping: "${pythonRepr(unknown)}"`);
    return {};
  }
  const result: ObjectBody = {};
  if (isObject(data)) result.data = data;
  else if (data !== undefined) refuse("data", notAMapping(data));
  if (permissions !== undefined) result.permissions = aclOf(permissions, kind, refuse);
  return result;
}

/** Principals by permission; null, "as it is", is left out. */
function aclOf(
  value: unknown,
  kind: Kind,
  refuse: (name: string, description: string) => void,
): Acl {
  if (!isObject(value)) {
    refuse("permissions", notAMapping(value));
    return {};
  }
  const acl: Acl = {};
  for (const [permission, principals] of Object.entries(value)) {
    if (principals === null) continue;
    if (!PERMISSIONS[kind].includes(permission)) {
      const known = PERMISSIONS[kind].join(", ");
      refuse("permissions", `"${permission}" is not one of ${known}`);
      return {};
    }
    const name = `permissions.${permission}`;
    if (!Array.isArray(principals)) {
      refuse(name, `"${pythonStr(principals)}" is not iterable`);
      continue;
    }
    for (const [index, principal] of principals.entries()) {
      if (principal === "") refuse(`${name}.${index}`, "Required");
      else if (typeof principal !== "string") {
        refuse(`${name}.${index}`, `${pythonStr(principal)} is not a string: {'': ''}`);
      }
    }
    acl[permission] = [...new Set(principals.map(String))];
  }
  return acl;
}

/** Throws what was gathered, if anything was. @throws {Refusal} 400 */
export function throwIfAny(errors: InvalidPart[]): void {
  if (errors.length > 0) throw invalid(errors);
}
