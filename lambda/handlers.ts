import type { Config } from "../src/config.ts";
import type { HandlerLoader } from "./runtime.ts";

/** The functions by what _HANDLER says, each loaded when it's the one. */
export function handlersOf(_config: Config): ReadonlyMap<string, HandlerLoader> {
  return new Map<string, HandlerLoader>([]);
}
