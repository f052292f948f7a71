import { isObject, type JsonObject } from "../../net/json.ts";
import { PERMISSIONS } from "../access/permissions.ts";
import type { Call } from "../http/call.ts";
import { invalid, invalidPart, type Refusal } from "../http/refusal.ts";
import type { Acl, Kind } from "../store/store.ts";
import { pythonStr } from "./python_repr.ts";
import {
  type Check,
  mapping,
  type Mistakes,
  notAMapping,
  optional,
  sequence,
} from "./validator.ts";

/** The body of a request on an object. */
export interface ObjectBody {
  data?: JsonObject;
  permissions?: Acl;
}

/** 400 about the body. */
export function invalidBody(name: string, description: string): Refusal {
  return invalidPart("body", name, description);
}

/** The JSON body. @throws {Refusal} 400 unless it's an object or an array */
export function jsonBodyOf(call: Call): unknown {
  const required = { location: "body", name: "", description: "Required" } as const;
  const refusal = (description: string) =>
    invalid([{ location: "body", name: "", description }, required]);
  try {
    const body = call.body();
    if (typeof body === "object" && body !== null) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal(`Invalid JSON: ${error.message}`);
  }
  throw refusal("Should be a JSON object or an array");
}

/** The `data` and `permissions` of a body. A permission that is null is left as it is. */
export function objectBodyOf(body: unknown, kind: Kind, mistakes: Mistakes): ObjectBody {
  OBJECT_BODIES[kind](body, "", mistakes);
  if (!isObject(body)) return {};
  const { data, permissions } = body;
  const granted = isObject(permissions)
    ? Object.entries(permissions).filter(([, principals]) => Array.isArray(principals))
    : undefined;
  return {
    ...isObject(data) ? { data } : {},
    ...granted && {
      permissions: Object.fromEntries(
        granted.map(([name, principals]) => [name, [...new Set((principals as []).map(String))]]),
      ),
    },
  };
}

const OBJECT_BODIES: Record<Kind, Check> = {
  bucket: objectBody("bucket"),
  collection: objectBody("collection"),
  record: objectBody("record"),
};

function objectBody(kind: Kind): Check {
  return mapping({ data: optional(mapping()), permissions: optional(acl(PERMISSIONS[kind])) });
}

/** Principals by permission. */
function acl(permissions: readonly string[]): Check {
  const principals = sequence(principal);
  return (value, name, mistakes) => {
    if (!isObject(value)) return mistakes.add("body", name, notAMapping(value));
    for (const [permission, granted] of Object.entries(value)) {
      if (granted === null) continue;
      if (!permissions.includes(permission)) {
        const description = `"${permission}" is not one of ${permissions.join(", ")}`;
        return mistakes.add("body", name, description);
      }
      principals(granted, `${name}.${permission}`, mistakes);
    }
  };
}

function principal(value: unknown, name: string, mistakes: Mistakes): void {
  if (value === "") mistakes.add("body", name, "Required");
  else if (typeof value !== "string") {
    mistakes.add("body", name, `${pythonStr(value)} is not a string: {'': ''}`);
  }
}
