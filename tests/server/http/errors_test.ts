import { DatabaseSync } from "node:sqlite";
import { assertEquals } from "@std/assert";
import { errors } from "../../../src/server/http/errors.ts";
import { denied } from "../../../src/server/http/refusal.ts";

const HEAD = { method: "GET", origin: "http://localhost", target: "/", header: () => undefined };

/** An error of SQLite. */
function diskError(): unknown {
  try {
    new DatabaseSync(":memory:").exec("INSERT INTO missing VALUES (1)");
  } catch (error) {
    return error;
  }
}

Deno.test.each([
  { name: "a refusal", error: denied(undefined), status: 401, isReported: false },
  { name: "an error of SQLite", error: diskError(), status: 503, isReported: true },
  { name: "a bug", error: new TypeError("x is undefined"), status: 500, isReported: true },
  { name: "what isn't an error", error: null, status: 500, isReported: true },
])("errors() answers $name with $status", async ({ error, status, isReported }) => {
  const reported: unknown[] = [];
  const middleware = errors((error) => reported.push(error));
  const { body, ...reply } = await middleware(HEAD, () => Promise.reject(error));
  assertEquals(reply.status, status);
  assertEquals(JSON.parse(String(body)).code, status);
  assertEquals(reply.headers["retry-after"], status === 503 ? "3" : undefined);
  assertEquals(reported, isReported ? [error] : []);
});
