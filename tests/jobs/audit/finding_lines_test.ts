import { assertEquals } from "@std/assert";
import { idAt, placeOf } from "../../../src/jobs/audit/build_place.ts";
import { findingLines } from "../../../src/jobs/audit/finding_lines.ts";
import type { State } from "../../../src/jobs/audit/ledger.ts";

Deno.test.each([
  "firefox_52-0_linux-x86_64_fr",
  "firefox_nightly_2017-05-15-10-02-38_55-0a1_linux-x86_64_en-us",
  "fennec_nightly-old-id_2017-05-15-10-02-38_55-0a1_android-api-15_multi",
  "firefox_beta_52-0b6_macosx-eme-free_ja-jp-mac",
  "firefox_aurora_2017-01_2_x_y",
  "firefox_49-0-1rc3-funnelcake90_win32_en-us",
  "0f3a2b1c-1111-4222-8333-444455556666",
  "",
  "a_b",
  "__",
  "firefox_nightly_52-0_win32_fr",
])("placeOf() and idAt() give %s back", (id) => {
  assertEquals(idAt(placeOf(id)), id);
});

interface Case {
  name: string;
  /** `platform locale [date]`, with `!` before those that are missing. */
  cells: string[];
  lines: string[];
}

const both = (locale: string) => [`win32 ${locale}`, `mac ${locale}`];

Deno.test.each<Case>([
  { name: "nothing of no cells", cells: [], lines: [] },
  { name: "nothing where nothing is missing", cells: both("fr"), lines: [] },
  { name: "one build of one", cells: ["!win32 fr"], lines: ["win32: fr"] },
  {
    name: "everything in one line",
    cells: ["!win32 fr", "!win32 de", "!mac fr"],
    lines: ["all 3 builds (win32, mac; 2 locales)"],
  },
  {
    name: "a whole platform in one line",
    cells: ["!mac fr", "!mac de", "win32 fr"],
    lines: ["mac: all 2 locales"],
  },
  {
    name: "a locale on all platforms in one line",
    cells: ["!mac fr", "!win32 fr", ...both("de"), ...both("it")],
    lines: ["fr: on all 2 platforms"],
  },
  {
    name: "a locale that isn't missing everywhere by platform",
    cells: ["!mac fr", "win32 fr", ...both("de")],
    lines: ["mac: fr"],
  },
  {
    name: "a platform, and what is missing of another",
    cells: ["!mac fr", "!mac de", "win32 fr", "!win32 de"],
    lines: ["mac: all 2 locales", "win32: de"],
  },
  {
    name: "a whole day in one line",
    cells: [
      "!mac fr 2017-01-01",
      "!win32 fr 2017-01-01",
      "mac fr 2017-01-02",
      "win32 fr 2017-01-02",
    ],
    lines: ["2017-01-01: all 2 builds"],
  },
  {
    name: "a platform's day in one line",
    cells: [
      ...["!mac fr 2017-01-01", "!mac de 2017-01-01", "win32 fr 2017-01-01"],
      ...["mac fr 2017-01-02"],
    ],
    lines: ["2017-01-01 mac: all 2 locales"],
  },
  {
    name: "many locales, not all by name",
    cells: [..."abcdefghijklmno"].map((at) => `!mac ${at}${at}`).concat("mac zz"),
    lines: ["mac: 15 of 16: aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll and 3 others"],
  },
])("findingLines() tells $name", ({ cells, lines }) => {
  const matrix = cells.map((cell) => {
    const [platform = "", locale = "", date = ""] = cell.replace("!", "").split(" ");
    const place = { product: "firefox", channel: "", version: "52-0", date, platform, locale };
    return { place, state: (cell.startsWith("!") ? "missing" : "present") as State };
  });
  assertEquals(
    findingLines(matrix, "missing"),
    lines.map((line) =>
      `missing firefox release 52.0${line.startsWith("all") ? ":" : ","} ${line}`
    ),
  );
});
