import { LOG_LEVELS, type LogLevel } from "../reporting/log.ts";
import { setting } from "./setting.ts";
import { matching, oneOf, optional } from "./setting_values.ts";

const SENTRY_DSN_FORM = "https://KEY@HOST/PROJECT";

/** What every command reports, and how. */
export const REPORTING_SETTINGS = {
  sentryDsn: setting({
    env: "SENTRY_DSN",
    default: "",
    help: "report errors and crashes to this Sentry project",
    secret: true,
    parse: optional(matching(/^https?:\/\/\w+(:\w*)?@[^/@]+\/([^?#]*\/)?[\w-]+$/, SENTRY_DSN_FORM)),
  }),
  logLevel: setting<LogLevel>({
    env: "LOG_LEVEL",
    default: "warning",
    help: `${LOG_LEVELS.join(", ")}; -v is info, -D is debug, -q is error`,
    parse: (text) => oneOf(LOG_LEVELS)(text.toLowerCase().replace(/^warn$/, "warning")),
  }),
  logFormat: setting({
    env: "LOG_FORMAT",
    default: "text",
    help: "text, or json: one object per line",
    parse: oneOf(["text", "json"]),
  }),
  logMetrics: setting({
    env: "LOG_METRICS",
    default: "",
    help: "logging: print the metrics at the end",
    parse: optional(oneOf(["logging"])),
  }),
};
