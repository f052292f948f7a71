import { parsingError } from "./dsl_error.ts";
import type { Json, JsonObject } from "./json.ts";

/** What reads each option. */
export type Options = Readonly<Record<string, (value: Json, name: string) => void>>;

/**
 * Reads the options of a part of a request.
 *
 * @param of what has them, for errors: `[term] query`
 * @throws {DslError} when there is another option
 */
export function readOptions(of: string, body: JsonObject, options: Options): void {
  for (const [name, value] of Object.entries(body)) {
    const read = Object.hasOwn(options, name) ? options[name] : undefined;
    if (read === undefined) throw parsingError(`${of} does not support [${name}]`);
    read(value, name);
  }
}
