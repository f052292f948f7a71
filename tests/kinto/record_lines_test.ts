import { assertEquals } from "@std/assert";
import { Outcome } from "../../src/kinto/outcome.ts";
import { recordLines } from "../../src/kinto/record_lines.ts";

async function read(bytes: Uint8Array, chunkSize: number) {
  const refusals: string[] = [];
  const outcome = new Outcome((name, reason) => refusals.push(`${name}: ${reason}`));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(bytes.slice(at, at + chunkSize));
  const records = await Array.fromAsync(
    ReadableStream.from(chunks).pipeThrough(recordLines(outcome)),
  );
  return { records, refusals, read: outcome.read };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test.each([1, 2, 3, 7, 10_000])("recordLines() reads chunks of %d bytes", async (size) => {
  const text = '{"data":{"id":"a","n":"é€😀"}}\r\n\n{"data": {"n":1}}\n{"data":{"id":"last"}}';
  const { records, refusals, read: count } = await read(utf8(text), size);
  assertEquals(records, [{ id: "a", n: "é€😀" }, { n: 1 }, { id: "last" }] as unknown[]);
  assertEquals([refusals, count], [[], 3]);
});

Deno.test.each([
  { line: "nonsense", reason: "no JSON" },
  { line: "[1]", reason: 'no {"data": …}' },
  { line: "null", reason: 'no {"data": …}' },
  { line: '{"id": "a"}', reason: 'no {"data": …}' },
  { line: '{"data": null}', reason: "data is no object" },
  { line: '{"data": [{}]}', reason: "data is no object" },
  { line: '{"data": {"id": 3}}', reason: "3 is no record id" },
  { line: '{"data": {"id": ""}}', reason: '"" is no record id' },
  { line: '{"data": {"id": "../../x"}}', reason: '"../../x" is no record id' },
  { line: '{"data": {"id": "a"', reason: "no JSON" },
])("recordLines() refuses $line, and goes on", async ({ line, reason }) => {
  const { records, refusals, read: count } = await read(
    utf8(`{"data":{"id":"a"}}\n${line}\n{"data":{"id":"b"}}\n`),
    10,
  );
  assertEquals(records.map(({ id }) => id), ["a", "b"]);
  assertEquals([refusals.length, refusals[0]!.startsWith(`line 2: ${reason}`), count], [
    1,
    true,
    3,
  ]);
});

Deno.test("recordLines() drops what a server stamps on records", async () => {
  const text = '{"data":{"id":"a","last_modified":1e30,"schema":1496404930000,"n":{"schema":1}}}';
  const { records, refusals } = await read(utf8(text), 100);
  assertEquals([records, refusals], [[{ id: "a", n: { schema: 1 } }], []] as unknown[]);
});

Deno.test("recordLines() refuses what isn't UTF-8, and lines without an end", async () => {
  const broken = await read(new Uint8Array([...utf8('{"data":{"n":"'), 0xc3, ...utf8('"}}\n')]), 5);
  assertEquals([broken.refusals.length, broken.records.length, broken.read], [1, 0, 1]);
  const endless = new Uint8Array(17 * 2 ** 20).fill(32);
  const long = await read(new Uint8Array([...endless, ...utf8('\n{"data":{}}')]), 2 ** 20);
  assertEquals(long.refusals, ["line 1: longer than 16777216 bytes"]);
  assertEquals([long.records.length, long.read], [1, 2]);
});
