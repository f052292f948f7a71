import { assert, assertEquals } from "@std/assert";
import { buildhub } from "../buildhub.ts";
import {
  byId,
  conformanceInventory,
  conformanceRecords,
  serveConformanceArchive,
} from "../conformance.ts";

const INVENTORIES = [
  ...await conformanceInventory("firefox"),
  ...await conformanceInventory("archive"),
];

Deno.test("inventory-to-records gives exactly the worked records, asking for each document once", async () => {
  await using archive = await serveConformanceArchive();
  const cache = await Deno.makeTempDir();
  const env = { ARCHIVE_URL: archive.url, CACHE_FOLDER: cache };
  const first = await buildhub(["inventory-to-records"], { stdin: joined(INVENTORIES), env });
  assertEquals(first.code, 0, first.stderr);
  assertEquals(byId(first.stdout), await conformanceRecords(archive.url));
  assertEquals([...archive.requests].filter(([, times]) => times > 1), []);

  const found = archive.requests.size;
  archive.requests.clear();
  const second = await buildhub(["inventory-to-records"], { stdin: joined(INVENTORIES), env });
  assertEquals(second.stdout, first.stdout);
  // What may have changed since: lists of candidates, and what was missing.
  const isFound = ([path]: [string, number]) => archive.tree.file(path) !== undefined;
  assertEquals([...archive.requests].filter(isFound), []);
  assert(archive.requests.size < found / 4, `${archive.requests.size} of ${found}`);
  await Deno.remove(cache, { recursive: true });
});

Deno.test("inventory-to-records counts what adds up", async () => {
  await using archive = await serveConformanceArchive();
  const cache = await Deno.makeTempDir();
  const { stderr, stdout } = await buildhub(["inventory-to-records"], {
    stdin: joined(INVENTORIES),
    env: { ARCHIVE_URL: archive.url, CACHE_FOLDER: cache },
  });
  const [, rows, ignored, builds] = numbers(/(\d+) rows = (\d+) ignored \+ (\d+) builds/, stderr);
  const [, , complete, incomplete] = numbers(
    /(\d+) builds = (\d+) complete \+ (\d+) incomplete/,
    stderr,
  );
  assertEquals(rows, 6640);
  assertEquals(rows, ignored! + builds!);
  assertEquals(builds, complete! + incomplete!);
  assertEquals(complete, byId(stdout).size);
  await Deno.remove(cache, { recursive: true });
});

Deno.test("inventory-to-records writes all complete rows of a truncated gzip, then exits with 1", async () => {
  await using archive = await serveConformanceArchive();
  const cache = await Deno.makeTempDir();
  const [piece] = INVENTORIES;
  const { code, stdout, stderr } = await buildhub(["inventory-to-records"], {
    stdin: piece!.subarray(0, piece!.length / 2),
    env: { ARCHIVE_URL: archive.url, CACHE_FOLDER: cache },
  });
  assertEquals(code, 1);
  assert(stderr.includes("cut off"), stderr);
  const all = await conformanceRecords(archive.url);
  const records = byId(stdout);
  assert(records.size > 100, `${records.size} records`);
  for (const [id, record] of records) assertEquals(record, all.get(id));
  await Deno.remove(cache, { recursive: true });
});

function joined(pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

function numbers(pattern: RegExp, text: string): number[] {
  return pattern.exec(text)?.map(Number) ?? [];
}
