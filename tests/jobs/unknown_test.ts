import { assertEquals } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub } from "../buildhub.ts";

const FOLDER = "pub/firefox/releases/150.0/linux-riscv64";

function row(key: string, size = 90_000_000): string {
  return `"delivery","${key}","${size}","2026-06-02T12:20:10.000Z","m"\n`;
}

interface Case {
  name: string;
  csv: string;
  lines: string[];
}

const KNOWN = row(`${FOLDER}/fr/firefox-150.0.tar.xz.asc`) + row(`${FOLDER}/SHA512SUMS`) +
  row("pub/seamonkey/releases/2/seamonkey-2.tar.zst");

Deno.test.each<Case>([
  { name: "nothing of what is ignored on purpose", csv: KNOWN, lines: [] },
  {
    name: "installers of an unknown type",
    csv: KNOWN +
      ["fr", "de", "pt-BR"].map((at) => row(`${FOLDER}/${at}/firefox-150.0.tar.zst`)).join(""),
    lines: [
      "3 files of a layout that no rule knows",
      "  3 firefox/releases/*/linux-riscv64/*/*.tar.zst",
    ],
  },
  {
    name: "unknown platforms",
    csv: row("pub/firefox/releases/150.0/haiku/fr/firefox-150.0.tar.xz"),
    lines: ["1 file of a layout that no rule knows", "  1 firefox/releases/*/haiku/*/*.tar.xz"],
  },
  {
    name: "builds in folders never seen",
    csv: row("pub/firefox/rolling/150.0/win64/fr/Firefox+Setup+150.0.exe"),
    lines: ["1 file of a layout that no rule knows", "  1 firefox/rolling/*/win64/*/*.exe"],
  },
  {
    name: "names that aren't ASCII, and quotes that are missing",
    csv: row(`${FOLDER}/fr/é-150.0.tar.zst`) +
      row(`${FOLDER}/fr/firefox-150.0.snap`).replaceAll('"', ""),
    lines: [
      "2 files of a layout that no rule knows",
      "  1 firefox/releases/*/linux-riscv64/*/*.tar.zst",
      "  1 firefox/releases/*/linux-riscv64/*/*.snap",
    ],
  },
  {
    name: "no more shapes than it keeps",
    csv: Array.from(
      { length: 1_500 },
      (_, i) => row(`pub/firefox/releases/150.0/linux-${i}x/fr/firefox.snap`),
    ).join(""),
    lines: [
      "1500 files of a layout that no rule knows",
      "  500 others",
      ...Array.from({ length: 19 }, (_, i) => `  1 firefox/releases/*/linux-${i}x/*/*.snap`),
      "  981 in 981 other groups",
    ],
  },
])("inventory-to-records tells $name, and --strict fails on it", async ({ csv, lines }) => {
  const cache = await Deno.makeTempDir();
  await using archive = serveArchive({ files: [] });
  const env = { ARCHIVE_URL: archive.url, CACHE_FOLDER: cache, NB_RETRY_REQUEST: "0" };
  const run = await buildhub(["inventory-to-records", "--strict"], { stdin: csv, env });
  const summary = run.stderr.split("\n");
  const from = summary.findIndex((line) => line.includes("no rule knows"));
  const told = from < 0 ? [] : summary.slice(from, from + lines.length);
  assertEquals(told, lines, run.stderr);
  assertEquals(run.code, lines.length > 0 ? 1 : 0);
  const lax = await buildhub(["inventory-to-records"], { stdin: csv, env });
  assertEquals(lax.code, 0, lax.stderr);
  await Deno.remove(cache, { recursive: true });
});
