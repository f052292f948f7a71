/**
 * Types of the parts of the standard library that this project uses.
 *
 * The `@std/*` packages come from npm's `deno-std`, compiled and without types (see `imports` in
 * deno.json). With JSR reachable, map them to `jsr:` and delete this file.
 */

declare module "@std/assert" {
  export function assert(value: unknown, message?: string): asserts value;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertObjectMatch(
    actual: Record<PropertyKey, unknown>,
    expected: Record<PropertyKey, unknown>,
    message?: string,
  ): void;
  export function assertThrows<E extends Error = Error>(
    run: () => unknown,
    type?: new (...args: never[]) => E,
    messageIncludes?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    run: () => PromiseLike<unknown>,
    type?: new (...args: never[]) => E,
    messageIncludes?: string,
  ): Promise<E>;
}

declare module "@std/bytes/concat" {
  export function concat(buffers: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

declare module "@std/cli/parse-args" {
  export function parseArgs(
    args: string[],
    options?: {
      string?: readonly string[];
      boolean?: readonly string[];
      collect?: readonly string[];
      alias?: Record<string, string>;
      stopEarly?: boolean;
      /** Called with the argument as given, and, for an option, its name. */
      unknown?: (arg: string, key?: string, value?: unknown) => unknown;
    },
  ): Record<string, unknown> & { _: (string | number)[] };
}

declare module "@std/csv/parse" {
  /** @throws {SyntaxError} with the line and column of what isn't CSV */
  export function parse(input: string, options?: { separator?: string }): string[][];
}

declare module "@std/html/entities" {
  /** Escapes text for HTML, also within quotes. */
  export function escape(text: string): string;
}

declare module "@std/http/etag" {
  /** Whether no listed tag matches, weak ones included; true without a header. */
  export function ifNoneMatch(value: string | null | undefined, etag: string): boolean;
}

declare module "@std/http/negotiation" {
  /** The acceptable encodings, best first; `["*"]` without a header. */
  export function acceptsEncodings(
    request: { headers: { get(name: string): string | null } },
  ): string[];
}

declare module "@std/streams/text-line-stream" {
  export class TextLineStream extends TransformStream<string, string> {
    constructor(options?: { allowCR?: boolean });
  }
}

declare module "@std/yaml/parse" {
  /** @throws {SyntaxError} with the line and column of what isn't YAML */
  export function parse(content: string): unknown;
}
