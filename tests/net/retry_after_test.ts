import { assertEquals } from "@std/assert";
import { retryAfterMs } from "../../src/net/retry_after.ts";

Deno.test.each<{ value: string; ms: number | undefined }>([
  { value: "0", ms: 0 },
  { value: " 120 ", ms: 120_000 },
  { value: "Fri, 02 Jun 2017 12:20:10 GMT", ms: 10_000 },
  { value: "Fri, 02 Jun 2017 12:19:00 GMT", ms: 0 },
  { value: "soon", ms: undefined },
  { value: "", ms: undefined },
])("retryAfterMs() of $value is $ms", ({ value, ms }) => {
  const now = Date.parse("2017-06-02T12:20:00Z");
  assertEquals(retryAfterMs(new Headers({ "retry-after": value }), now), ms);
});
