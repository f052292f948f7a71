/** The deepest nesting that is sent: Kinto answers 500 to records with several hundred levels. */
export const MAX_DEPTH = 100;

/**
 * Why Kinto can't store a value, naming the member; undefined when it can.
 *
 * Kinto on PostgreSQL answers 503 to a whole batch when one string holds a NUL, which `jsonb` has no
 * form for, 500 to deep nesting, and 400 to a lone surrogate, which is no Unicode text. A number
 * beyond the range of a double, such as `1e400`, would be sent as null.
 *
 * @param value JSON, such as a record
 *
 * @example
 * ```ts
 * import { whyUnstorable } from "./storable.ts";
 * const reason = whyUnstorable({ id: "a", build: { cc: "gcc\0" } });
 * if (reason !== "build.cc has a NUL (U+0000)") throw reason;
 * if (whyUnstorable({ id: "a", build: { cc: "gcc" } }) !== undefined) throw new Error();
 * ```
 */
export function whyUnstorable(value: unknown): string | undefined {
  return find(value, []);
}

function find(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value === "string") return textProblem(value, () => nameOf(path));
  if (typeof value === "number" && !Number.isFinite(value)) {
    return `${nameOf(path)} is a number out of range`;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length >= MAX_DEPTH) return `${path[0]} is nested deeper than ${MAX_DEPTH} levels`;
  for (const [name, member] of Object.entries(value)) {
    const where = [...path, name];
    const problem = textProblem(name, () => `the name of ${nameOf(where)}`) ?? find(member, where);
    if (problem !== undefined) return problem;
  }
}

function textProblem(text: string, name: () => string): string | undefined {
  if (text.includes("\0")) return `${name()} has a NUL (U+0000)`;
  if (!text.isWellFormed()) return `${name()} has a lone surrogate`;
}

/** As people write it, in printable characters. */
function nameOf(path: readonly string[]): string {
  const name = path.join(".").toWellFormed();
  return name.replace(/\p{Cc}/gu, "\u{fffd}") || "the value";
}
