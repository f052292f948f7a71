/** A request on the endpoint itself. */
export interface EndpointRequest {
  name: string;
  /** @default {"GET"} */
  method?: string;
  /** After the URL of the endpoint, or of the server when it begins with a slash. */
  path?: string;
  /** @default {of the collection's owner} */
  user?: string | null;
  headers?: Record<string, string>;
  body?: string;
}

const [JSON_TYPE, TEXT_TYPE] = [
  { "content-type": "application/json" },
  { "content-type": "text/plain" },
];

const preflight = (method: string) => ({
  origin: "https://example.com",
  "access-control-request-method": method,
});

/** Who may search, methods, content types, sizes, and what is refused. */
export const ENDPOINT_REQUESTS: readonly EndpointRequest[] = [
  { name: "the collection's owner" },
  { name: "anonymous", user: null },
  { name: "another user", user: "bob:b" },
  { name: "a collection that doesn't exist", path: "/buckets/build-hub/collections/none/search" },
  { name: "a bucket that doesn't exist", path: "/buckets/none/collections/releases/search" },
  {
    name: "a bucket that doesn't exist, anonymous",
    path: "/buckets/none/collections/releases/search",
    user: null,
  },
  {
    name: "a private collection, anonymous",
    path: "/buckets/private/collections/c/search",
    user: null,
  },
  { name: "a private collection, as another", path: "/buckets/private/collections/c/search" },
  {
    name: "a private collection, as its owner",
    path: "/buckets/private/collections/c/search",
    user: "alice:a",
  },
  {
    name: "a collection that one may only write to",
    path: "/buckets/private/collections/inbox/search",
    user: null,
  },
  {
    name: "a collection that all may read in a private bucket",
    path: "/buckets/private/collections/public/search",
    user: null,
  },
  { name: "HEAD", method: "HEAD" },
  { name: "PUT", method: "PUT" },
  { name: "DELETE", method: "DELETE" },
  { name: "PATCH", method: "PATCH" },
  { name: "OPTIONS", method: "OPTIONS" },
  { name: "a preflight", method: "OPTIONS", headers: preflight("POST") },
  { name: "a preflight for DELETE", method: "OPTIONS", headers: preflight("DELETE") },
  { name: "an empty q", path: "?q=" },
  { name: "two q, of which the last counts", path: "?q=nothing&q=firefox&size=3" },
  { name: "a q that can't be read", path: "?q=a:%5B" },
  { name: "POST without a body", method: "POST" },
  { name: "POST of text", method: "POST", headers: TEXT_TYPE, body: '{"size":1}' },
  { name: "an accepted type", headers: { accept: "text/html" } },
  { name: "a size beyond the limit", method: "POST", headers: JSON_TYPE, body: '{"size":20000}' },
  { name: "size -1", method: "POST", headers: JSON_TYPE, body: '{"size":-1}' },
  { name: "size 1.5", method: "POST", headers: JSON_TYPE, body: '{"size":1.5}' },
  { name: "size null", method: "POST", headers: JSON_TYPE, body: '{"size":null}' },
  {
    name: "a window that is too large",
    method: "POST",
    headers: JSON_TYPE,
    body: '{"from":9000,"size":9000}',
  },
  { name: "broken JSON", method: "POST", headers: JSON_TYPE, body: '{"siz' },
  { name: "an array", method: "POST", headers: JSON_TYPE, body: "[]" },
  { name: "an unknown query", method: "POST", headers: JSON_TYPE, body: '{"query":{"x":{}}}' },
];
