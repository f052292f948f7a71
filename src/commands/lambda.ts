import { type HandlerLoader, runtime } from "../../lambda/runtime.ts";
import { UsageError } from "../errors/usage_error.ts";
import type { ConfigOf } from "../settings/config.ts";
import { PUBLISH_LATEST, S3_EVENT } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `lambda`: the custom runtime that AWS Lambda starts. */
export const command = defineCommand({
  summary: "answer AWS Lambda, as its custom runtime",
  description:
    `Takes invocations from the Lambda Runtime API until it's stopped. _HANDLER names the function:
lambda_s3_event.lambda_handler or lambda_s3_inventory.lambda_handler, with or without "buildhub."
before it. AWS Lambda sets _HANDLER and AWS_LAMBDA_RUNTIME_API, and starts this command.`,
  example: "_HANDLER=lambda_s3_event.lambda_handler buildhub lambda",
  settings: ["lambdaRuntimeApi", ...S3_EVENT, ...PUBLISH_LATEST],
  // Only /tmp can be written to, and CloudWatch reads JSON.
  defaults: { cacheFolder: "/tmp", logLevel: "info", logFormat: "json" },
  async run({ config, log, report, signal }) {
    const api = config.lambdaRuntimeApi;
    if (api === undefined) {
      throw new UsageError("AWS_LAMBDA_RUNTIME_API isn't set: this isn't AWS Lambda");
    }
    return await runtime(handlersOf(config), { api, env: Deno.env, log, report, signal });
  },
});

/** The functions by their names in _HANDLER; only the one that is called is loaded. */
function handlersOf(
  config: ConfigOf<typeof S3_EVENT> & ConfigOf<typeof PUBLISH_LATEST>,
): ReadonlyMap<string, HandlerLoader> {
  return new Map<string, HandlerLoader>([
    [
      "lambda_s3_event.lambda_handler",
      async () => (await import("../../lambda/s3_event.ts")).s3Event(config),
    ],
    [
      "lambda_s3_inventory.lambda_handler",
      async () => (await import("../../lambda/s3_inventory.ts")).s3Inventory(config),
    ],
  ]);
}
