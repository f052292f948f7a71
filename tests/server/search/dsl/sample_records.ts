import type { Random } from "../../random.ts";

const SAMPLE = new URL("../../../testdata/records.jsonl.gz", import.meta.url);

/** Some of the sample records, in random order, with the gaps that real ones have. */
export async function sampleRecords(random: Random, count: number): Promise<object[]> {
  const file = await Deno.open(SAMPLE);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  const records = text.trim().split("\n").map((line) => JSON.parse(line).data);
  for (let last = records.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [records[last], records[other]] = [records[other], records[last]];
  }
  return records.slice(0, count).map((record) => {
    if (random.chance(0.03)) delete record.build;
    if (random.chance(0.03)) delete record.source.revision;
    if (record.build !== undefined && random.chance(0.1)) record.build.number = random.below(9);
    if (random.chance(0.02)) {
      record.target.locale = random.pick(["", "é", "ß", "日本", "😀", "\uffee", "a b"]);
    }
    if (random.chance(0.05)) {
      record.download.date = `19${60 + random.below(20)}-0${1 + random.below(9)}-11T00:00:00Z`;
    }
    return record;
  });
}
