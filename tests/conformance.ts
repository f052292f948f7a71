/** The worked cases: what is in testdata, and what must come of it. */
import type { ReleaseRecord } from "../src/builds/record.ts";
import { serveArchive } from "../src/demo/archive_server.ts";
import { readTree } from "./servers/conformance_tree.ts";

const TESTDATA = new URL("./testdata/", import.meta.url);

/** The archive that the worked cases are about, on a port of this machine. */
export async function serveConformanceArchive(
  options: Omit<Parameters<typeof serveArchive>[0], "files"> = {},
) {
  return serveArchive({ ...options, files: await readTree() });
}

/** The CSV pieces of one of its inventories, gzipped, in the order of the manifest. */
export async function conformanceInventory(name: "firefox" | "archive"): Promise<Uint8Array[]> {
  const folder = new URL(`archive/inventory-${name}/`, TESTDATA);
  const manifest = JSON.parse(await Deno.readTextFile(new URL("manifest.json", folder)));
  return await Promise.all(
    manifest.files.map(({ key }: { key: string }) =>
      Deno.readFile(new URL(key.split("/").at(-1)!, folder))
    ),
  );
}

/** Every record of those inventories, by id, as an archive at this URL gives it. */
export async function conformanceRecords(archiveUrl: string): Promise<Map<string, ReleaseRecord>> {
  const file = await Deno.open(new URL("records.jsonl.gz", TESTDATA));
  const lines = file.readable.pipeThrough(new DecompressionStream("gzip"));
  return byId(
    (await new Response(lines).text()).replaceAll("https://archive.mozilla.org/", archiveUrl),
  );
}

/** Records of `{"data": record}` lines by id; throws when an id comes twice. */
export function byId(lines: string): Map<string, ReleaseRecord> {
  const records = new Map<string, ReleaseRecord>();
  for (const line of lines.trim().split("\n")) {
    if (line === "") continue;
    const { data } = JSON.parse(line);
    if (records.has(data.id)) throw new Error(`${data.id} comes twice`);
    records.set(data.id, data);
  }
  return records;
}
