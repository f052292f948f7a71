import { isObject } from "../../net/json.ts";
import { LIMITS } from "../http/limits.ts";
import { invalid, type InvalidPart } from "../http/refusal.ts";
import { pythonRepr, pythonStr } from "./python_repr.ts";

/** Collects what is invalid about a request, since clients get all of it at once. */
export class Mistakes {
  readonly #parts: InvalidPart[] = [];

  /** Adds one. */
  add(location: InvalidPart["location"], name: string, description: string): void {
    this.#parts.push({ location, name, description: description.slice(0, LIMITS.quotedLength) });
  }

  /** @throws {Refusal} 400 if there are any */
  throwIfAny(): void {
    if (this.#parts.length > 0) throw invalid(this.#parts);
  }
}

/**
 * Checks a JSON value of the body: a schema, as a function. Descriptions are those of Kinto, which
 * come from Python's colander.
 *
 * @param value undefined when it's missing
 * @param name where it is, such as `requests.0.path`
 */
export type Check = (value: unknown, name: string, mistakes: Mistakes) => void;

/** What Kinto says of a value that should be an object. */
export function notAMapping(value: unknown): string {
  return `"${pythonStr(value)}" is not a mapping type: Does not implement dict-like functionality.`;
}

/** An object with these members and no others. Without members, any object. */
export function mapping(members?: Readonly<Record<string, Check>>): Check {
  return (value, name, mistakes) => {
    if (!isObject(value)) return mistakes.add("body", name, notAMapping(value));
    if (members === undefined) return;
    const unknown = Object.entries(value).filter(([key]) => !Object.hasOwn(members, key));
    if (unknown.length > 0) {
      const shown = pythonRepr(Object.fromEntries(unknown));
      return mistakes.add("body", name, `Unrecognized keys in mapping: "${shown}"`);
    }
    for (const [key, check] of Object.entries(members)) {
      check(value[key], name === "" ? key : `${name}.${key}`, mistakes);
    }
  };
}

/** A list. */
export function sequence(item: Check): Check {
  return (value, name, mistakes) => {
    if (!Array.isArray(value)) {
      return mistakes.add("body", name, `"${pythonStr(value)}" is not iterable`);
    }
    for (const [index, each] of value.entries()) item(each, `${name}.${index}`, mistakes);
  };
}

/** A value that may be missing. */
export function optional(check: Check): Check {
  return (value, name, mistakes) => value === undefined || check(value, name, mistakes);
}

/** A value that may not be missing. */
export function required(check: Check): Check {
  return (value, name, mistakes) =>
    value === undefined ? mistakes.add("body", name, "Required") : check(value, name, mistakes);
}

/** One of some texts. */
export function oneOf(texts: readonly string[]): Check {
  return (value, name, mistakes) => {
    if (texts.includes(String(value))) return;
    mistakes.add("body", name, `"${pythonStr(value)}" is not one of ${texts.join(", ")}`);
  };
}

/** A text of a form. @param node its name in Kinto's schema */
export function text(node: string, pattern: RegExp): Check {
  return (value, name, mistakes) => {
    if (typeof value !== "string") {
      mistakes.add("body", name, `${pythonStr(value)} is not a string: {'${node}': ''}`);
    } else if (!pattern.test(value)) {
      mistakes.add("body", name, "String does not match expected pattern");
    }
  };
}
