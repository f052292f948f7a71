import type { Config } from "../src/settings/config.ts";
import type { HandlerLoader } from "./runtime.ts";

/** The functions by what _HANDLER says, each loaded when it's the one. */
export function handlersOf(config: Config): ReadonlyMap<string, HandlerLoader> {
  return new Map<string, HandlerLoader>([
    [
      "lambda_s3_event.lambda_handler",
      async () => (await import("./s3_event.ts")).s3Event(config),
    ],
    [
      "lambda_s3_inventory.lambda_handler",
      async () => (await import("./s3_inventory.ts")).s3Inventory(config),
    ],
  ]);
}
