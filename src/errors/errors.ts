export { ConnectionError } from "./connection_error.ts";
export { HttpError } from "./http_error.ts";
export { reasonOf } from "./reason_of.ts";
export { TruncatedInput } from "./truncated_input.ts";
export { UnreadableBody } from "./unreadable_body.ts";
export { UsageError } from "./usage_error.ts";
