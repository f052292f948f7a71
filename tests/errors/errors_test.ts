import { assertEquals } from "@std/assert";
import { ConnectionError } from "../../src/errors/connection_error.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { reasonOf } from "../../src/errors/reason_of.ts";
import { UsageError } from "../../src/errors/usage_error.ts";

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
