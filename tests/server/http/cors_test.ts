import { assertEquals } from "@std/assert";
import { startServe } from "../../servers/serve.ts";

Deno.test.each([
  { path: "/v1/buckets", methods: "HEAD,GET,POST,DELETE,OPTIONS" },
  { path: "/v1/buckets/b", methods: "GET,HEAD,PUT,PATCH,DELETE,OPTIONS" },
  { path: "/v1/batch", methods: "POST,OPTIONS" },
  { path: "/v1/buckets/b/collections/c/search", methods: "POST,GET,HEAD,OPTIONS" },
  { path: "/v1/__api__", methods: "GET,HEAD,OPTIONS" },
])("serve lets scripts of other origins ask $path", async ({ path, methods }) => {
  await using serve = await startServe();
  const [method = ""] = methods.split(",");
  const url = new URL(path, serve.url);
  const headers = {
    origin: "https://example.com",
    "access-control-request-method": method,
    "access-control-request-headers": "authorization, x-more",
  };
  const response = await fetch(url, { method: "OPTIONS", headers });
  await response.body?.cancel();
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(response.headers.get("access-control-allow-methods"), methods);
  const allowed = response.headers.get("access-control-allow-headers")?.split(",") ?? [];
  assertEquals(allowed.slice(-2), ["authorization", "x-more"]);
  const refused = { ...headers, "access-control-request-method": "FLY" };
  const { status, body } = await fetch(url, { method: "OPTIONS", headers: refused });
  await body?.cancel();
  assertEquals(status, 400);
});
