import { assertEquals } from "@std/assert";
import { isTransient } from "../../src/errors/buildhub_error.ts";
import { ConnectionError, isConnectionError } from "../../src/errors/connection_error.ts";
import { HttpError, isHttpError } from "../../src/errors/http_error.ts";
import { isNetworkError, NetworkError } from "../../src/errors/network_error.ts";
import { reasonOf } from "../../src/errors/reason_of.ts";
import { isUnreadableBody, UnreadableBody } from "../../src/errors/unreadable_body.ts";
import { isUsageError, UsageError } from "../../src/errors/usage_error.ts";
import { isS3Error, S3Error } from "../../src/inventory/s3_error.ts";

Deno.test.each<{ name: string; thrown: unknown; reason: string }>([
  { name: "an error", thrown: new UsageError("no such file"), reason: "no such file" },
  { name: "an error without a message", thrown: new RangeError(), reason: "RangeError" },
  {
    name: "an error with a cause",
    thrown: new TypeError("failed", { cause: new Error("refused") }),
    reason: "failed: refused",
  },
  {
    name: "an error that names its cause",
    thrown: new TypeError("failed: refused", { cause: new Error("refused") }),
    reason: "failed: refused",
  },
  {
    name: "an error with another cause",
    thrown: new Error("failed", { cause: 5 }),
    reason: "failed",
  },
  { name: "a DOMException", thrown: new DOMException("stopped", "AbortError"), reason: "stopped" },
  { name: "a string", thrown: "no", reason: "no" },
  { name: "nothing", thrown: undefined, reason: "undefined" },
])("reasonOf() $name", ({ thrown, reason }) => {
  assertEquals(reasonOf(thrown), reason);
});

Deno.test.each<{ attempts: number; message: string }>([
  { attempts: 1, message: "Cannot reach http://a/ (1 attempt): refused" },
  { attempts: 4, message: "Cannot reach http://a/ (4 attempts): refused" },
])("ConnectionError counts $attempts", ({ attempts, message }) => {
  assertEquals(new ConnectionError("http://a/", attempts, new Error("refused")).message, message);
});

Deno.test.each<{ name: string; body: string; message: string }>([
  { name: "nothing", body: "", message: "PUT http://a/: server replied 403 Forbidden" },
  { name: "a reason", body: " no\n", message: "PUT http://a/: server replied 403 Forbidden: no" },
  {
    name: "a long page",
    body: "x".repeat(5_000),
    message: `PUT http://a/: server replied 403 Forbidden: ${"x".repeat(300)}`,
  },
])("HttpError says what the server said: $name", ({ body, message }) => {
  const error = new HttpError("PUT", "http://a/", 403, "Forbidden", body);
  assertEquals([error.message, error.body, error.status], [message, body, 403]);
});

Deno.test("UnreadableBody.at() names what was read and how often", () => {
  const cause = new SyntaxError("Unexpected token '<'");
  const error = new UnreadableBody('expected JSON, got "<html>"', { cause }).at("http://a/", 2);
  assertEquals(error.message, 'Cannot read http://a/ (2 attempts): expected JSON, got "<html>"');
  assertEquals([error.reason, error.cause], ['expected JSON, got "<html>"', cause]);
});

const GUARDS = {
  UsageError: isUsageError,
  NetworkError: isNetworkError,
  ConnectionError: isConnectionError,
  HttpError: isHttpError,
  UnreadableBody: isUnreadableBody,
  S3Error: isS3Error,
};

Deno.test.each<{ name: string; error: Error; transient: boolean }>([
  { name: "UsageError", error: new UsageError("no"), transient: false },
  { name: "NetworkError", error: new NetworkError(new TypeError("reset")), transient: true },
  // The attempts that there are have been made.
  {
    name: "ConnectionError",
    error: new ConnectionError("http://a/", 4, "reset"),
    transient: false,
  },
  { name: "HttpError", error: new HttpError("GET", "http://a/", 503, "", ""), transient: true },
  { name: "HttpError", error: new HttpError("GET", "http://a/", 404, "", ""), transient: false },
  { name: "UnreadableBody", error: new UnreadableBody("no JSON"), transient: true },
  { name: "S3Error", error: new S3Error("s3://a/b", "no"), transient: false },
  { name: "TypeError", error: new TypeError("a bug"), transient: false },
])("$name has its name, its own type guard, and is transient: $transient", (
  { name, error, transient },
) => {
  assertEquals([error.name, isTransient(error)], [name, transient]);
  const guards = Object.entries(GUARDS).filter(([, is]) => is(error)).map(([guard]) => guard);
  assertEquals(guards, name in GUARDS ? [name] : []);
});
