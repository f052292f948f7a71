import { handlersOf } from "../../lambda/handlers.ts";
import { runtime } from "../../lambda/runtime.ts";
import { UsageError } from "../errors/usage_error.ts";
import type { Command } from "./command.ts";

/** `lambda`: the custom runtime that AWS Lambda starts. */
export const command: Command = {
  summary: "answer AWS Lambda, as its custom runtime",
  description:
    `Takes invocations from the Lambda Runtime API until it's stopped. _HANDLER says which function
this is: lambda_s3_event.lambda_handler or lambda_s3_inventory.lambda_handler, with or without
"buildhub." before it. AWS Lambda sets both, and starts this by itself.`,
  settings: [
    "lambdaRuntimeApi",
    "serverUrl",
    "bucket",
    "collection",
    "auth",
    "cacheFolder",
    "retries",
    "timeoutMs",
    "maxWaitMs",
    "archiveUrl",
    "products",
    "parallelRequests",
    "requestsPerSecond",
    "sizes",
    "batchMaxRequests",
    "initializeServer",
    "source",
    "inventories",
    "minAgeLastModifiedHours",
    "csvDownloadDirectory",
    "s3Endpoint",
    "s3ForcePathStyle",
  ],
  // Only /tmp can be written to, and CloudWatch reads JSON.
  defaults: { cacheFolder: "/tmp", logLevel: "info", logFormat: "json" },
  async run({ config, log, report, signal }) {
    const api = config.lambdaRuntimeApi;
    if (api === undefined) {
      throw new UsageError("AWS_LAMBDA_RUNTIME_API isn't set: this isn't AWS Lambda");
    }
    return await runtime(handlersOf(config), { api, env: Deno.env, log, report, signal });
  },
};
