import { assertEquals, assertThrows } from "@std/assert";
import { UnreadableBody } from "../../../src/errors/unreadable_body.ts";
import {
  compareShipped,
  shippedLine,
  shippedSummary,
} from "../../../src/jobs/product_details/compare_shipped.ts";
import { publishedPlatforms } from "../../../src/jobs/product_details/published_platforms.ts";
import { versionsFrom } from "../../../src/jobs/product_details/shipped_versions.ts";
import { summaryLine } from "../../../src/reporting/summary.ts";

const firefox = (version: string) => ({ product: "firefox", version, date: "2022-03-25" });

/** `98.0: win32 mac` as ids of records. */
function idsOf(published: Record<string, string>): string[] {
  return Object.entries(published).flatMap(([version, platforms]) => {
    const channel = version.endsWith("esr") ? "esr_" : version.includes("b") ? "beta_" : "";
    return platforms.split(" ").filter((platform) => platform !== "").map((platform) =>
      `firefox_${channel}${version.replaceAll(".", "-")}_${platform}_fr`
    );
  });
}

const ALL = "linux-x86_64 macosx win32";

const CASES: { name: string; published: Record<string, string>; lines: string[] }[] = [
  {
    name: "nothing is missing",
    published: { "98.0": ALL, "98.0.1": ALL, "98.0.2": ALL },
    lines: [],
  },
  {
    name: "a version is missing, and no neighbor of others",
    published: { "98.0": ALL, "98.0.1": "", "98.0.2": ALL },
    lines: ["missing firefox release 98.0.1, shipped on 2022-03-25"],
  },
  {
    name: "a platform that both neighbors have",
    published: { "98.0": ALL, "98.0.1": "win32", "98.0.2": "macosx win32" },
    lines: ["lacking firefox release 98.0.1: macosx, which 98.0 and 98.0.2 have"],
  },
  {
    name: "a new platform, and one that is no more, aren't lacking before and after",
    published: { "9.0": "win32", "10.0": "win32 macosx", "11.0": "macosx", "12.0": "macosx" },
    lines: [],
  },
  {
    name: "the newest version is compared with the one before it",
    published: { "98.0": ALL, "98.0.1": "macosx win32" },
    lines: ["lacking firefox release 98.0.1: linux-x86_64, which 98.0 has"],
  },
  {
    name: "channels are apart",
    published: { "98.0b1": ALL, "98.0": "win32", "98.0.1": "win32", "98.0esr": ALL, "98.0b2": ALL },
    lines: [],
  },
  {
    name: "an ESR that the release's records don't make up for",
    published: { "10.0.12": ALL, "10.0.12esr": "" },
    lines: ["missing firefox esr 10.0.12esr, shipped on 2022-03-25"],
  },
  { name: "a version that the rules exclude", published: { "0.8": "", "1.0": ALL }, lines: [] },
];

Deno.test.each(CASES)("compareShipped() names what is missing: $name", ({ published, lines }) => {
  const versions = Object.keys(published).map(firefox);
  // Candidates and other products aren't what was shipped.
  const others = [
    "firefox_98-0-1rc1_macosx_fr",
    "thunderbird_98-0-1_macosx_fr",
    "something else",
  ];
  const platforms = publishedPlatforms([...idsOf(published), ...others], versions);
  const compared = compareShipped(versions, platforms);
  assertEquals(compared.findings.map(shippedLine), lines);
  const { shipped, complete, excluded, findings } = compared;
  assertEquals(shipped, complete + excluded + findings.length);
});

Deno.test("shippedSummary() adds up", () => {
  const versions = ["0.8", "98.0", "98.0.1", "98.0.2"].map(firefox);
  const ids = idsOf({ "98.0": ALL, "98.0.2": "win32" });
  const text = summaryLine(shippedSummary(
    compareShipped(versions, publishedPlatforms(ids, versions)),
  ));
  assertEquals(
    text,
    "4 shipped versions = 1 complete + 1 missing + 1 lacking a platform + 1 excluded",
  );
});

Deno.test.each([
  null,
  [],
  {},
  { releases: [] },
  { releases: {} },
  { releases: { "firefox-1.0": null } },
  { releases: { "firefox-1.0": { product: "firefox" } } },
  { releases: { "1.0": { product: "firefox", date: "2004-11-09" } } },
])("versionsFrom() refuses %j", (document) => {
  assertThrows(() => versionsFrom(document), UnreadableBody);
});
