import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { sampleArchive } from "../../src/demo/sample_archive.ts";
import { sampleInventory } from "../../src/demo/sample_inventory.ts";
import { INVENTORY_BUCKET } from "../../src/inventory/inventories.ts";
import { serveS3 } from "../../src/demo/s3_server.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const OBJECTS = new Map(
  ["a/1/x", "a/1/y", "a/2/x", "a/10/x&<é>", "a/file", "b/file", "a/3 +%20/x"]
    .map((key) => [key, encode(`content of ${key}`)]),
);

function clientOf(url: string): S3Client {
  return new S3Client({
    endpoint: url,
    region: "us-east-1",
    forcePathStyle: true,
    // Anonymous: what isn't signed, S3 doesn't check.
    signer: { sign: (request) => Promise.resolve(request) },
    credentials: { accessKeyId: "", secretAccessKey: "" },
    maxAttempts: 1,
  });
}

Deno.test.each<{ what: string; input: Record<string, unknown>; keys: string[]; folders: string[] }>(
  [
    { what: "everything", input: {}, keys: [...OBJECTS.keys()].sort(), folders: [] },
    {
      what: "a prefix",
      input: { Prefix: "a/1" },
      keys: ["a/1/x", "a/1/y", "a/10/x&<é>"],
      folders: [],
    },
    { what: "folders", input: { Delimiter: "/" }, keys: [], folders: ["a/", "b/"] },
    {
      what: "one folder",
      input: { Prefix: "a/", Delimiter: "/" },
      keys: ["a/file"],
      folders: ["a/1/", "a/10/", "a/2/", "a/3 +%20/"],
    },
    { what: "nothing", input: { Prefix: "c/" }, keys: [], folders: [] },
    {
      what: "what follows",
      input: { StartAfter: "a/3" },
      keys: ["a/3 +%20/x", "a/file", "b/file"],
      folders: [],
    },
  ],
)("serveS3() lists $what in pages of any size", async ({ input, keys, folders }) => {
  await using s3 = serveS3({ bucket: "public", objects: OBJECTS });
  const client = clientOf(s3.url);
  for (const pageSize of [1, 2, 3, 1000]) {
    const found = { keys: [] as string[], folders: [] as string[] };
    for await (
      const page of paginateListObjectsV2({ client, pageSize }, { Bucket: "public", ...input })
    ) {
      found.keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
      found.folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix));
    }
    assertEquals(found, { keys, folders });
  }
  client.destroy();
});

Deno.test.each<{ range?: string; content: string; contentRange?: string }>([
  { content: "content of a/3 +%20/x" },
  { range: "bytes=0-6", content: "content", contentRange: "bytes 0-6/21" },
  { range: "bytes=19-", content: "/x", contentRange: "bytes 19-20/21" },
  { range: "bytes=-2", content: "/x", contentRange: "bytes 19-20/21" },
  { range: "bytes=19-99", content: "/x", contentRange: "bytes 19-20/21" },
])("serveS3() gives an object's $range", async ({ range: Range, content, contentRange }) => {
  await using s3 = serveS3({ bucket: "public", objects: OBJECTS });
  const client = clientOf(s3.url);
  const response = await client.send(
    new GetObjectCommand({ Bucket: "public", Key: "a/3 +%20/x", Range }),
  );
  assertEquals(await response.Body?.transformToString(), content);
  assertEquals(response.ContentLength, content.length);
  assertEquals(response.ContentRange, contentRange);
  assertMatch(response.ETag ?? "", /^"[0-9a-f]{32}"$/);
  client.destroy();
});

Deno.test("serveS3() tells size and ETag of an object without its content", async () => {
  await using s3 = serveS3({ bucket: "public", objects: OBJECTS });
  const client = clientOf(s3.url);
  const input = { Bucket: "public", Key: "a/file" };
  const { ContentLength, ETag } = await client.send(new HeadObjectCommand(input));
  assertEquals(ContentLength, "content of a/file".length);
  const same = await client.send(new GetObjectCommand({ ...input, IfMatch: ETag }));
  await same.Body?.transformToString();
  client.destroy();
});

Deno.test.each<{ name: string; send: (client: S3Client) => Promise<unknown> }>([
  {
    name: "NoSuchKey",
    send: (client) => client.send(new GetObjectCommand({ Bucket: "public", Key: "a/<none>" })),
  },
  {
    name: "NoSuchBucket",
    send: (client) => client.send(new ListObjectsV2Command({ Bucket: "private" })),
  },
  {
    name: "InvalidRange",
    send: (client) =>
      client.send(new GetObjectCommand({ Bucket: "public", Key: "a/1/x", Range: "bytes=99-" })),
  },
  {
    name: "PreconditionFailed",
    send: (client) =>
      client.send(new GetObjectCommand({ Bucket: "public", Key: "a/1/x", IfMatch: '"other"' })),
  },
  {
    name: "MethodNotAllowed",
    send: (client) =>
      client.send(new PutObjectCommand({ Bucket: "public", Key: "a/1/x", Body: "new" })),
  },
])("serveS3() refuses with $name", async ({ name, send }) => {
  await using s3 = serveS3({ bucket: "public", objects: OBJECTS });
  const client = clientOf(s3.url);
  const error = await assertRejects(() => send(client), Error);
  assertEquals(error.name, name);
  client.destroy();
});

Deno.test("serveS3() serves the sample inventory as an S3 client sees Mozilla's", async () => {
  await using s3 = serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(sampleArchive()) });
  const client = clientOf(s3.url);
  const Prefix = "public/inventories/net-mozaws-prod-delivery-firefox/delivery-firefox/";
  const { CommonPrefixes } = await client.send(
    new ListObjectsV2Command({ Bucket: INVENTORY_BUCKET, Prefix, Delimiter: "/" }),
  );
  assertEquals(CommonPrefixes?.map(({ Prefix: found }) => found?.slice(Prefix.length)), [
    "2025-06-25T01-00Z/",
    "2025-07-02T01-00Z/",
    "data/",
    "hive/",
  ]);
  client.destroy();
});
