import type { ArchiveFile } from "../../src/demo/archive_tree.ts";

/** Reads an archive from its `.jsonl.gz` form: one {@linkcode ArchiveFile} a line. */
export async function readTree(
  location: string | URL = new URL("../testdata/archive/tree.jsonl.gz", import.meta.url),
): Promise<ArchiveFile[]> {
  const file = await Deno.open(location);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}
