import { assertEquals } from "@std/assert";
import { pathOfUrl } from "../../src/builds/archive_url.ts";
import { buildFrom } from "../../src/builds/build_url.ts";
import { explain } from "../../src/builds/explain.ts";
import type { ReleaseRecord } from "../../src/builds/record.ts";

const ARCHIVE_URL = "https://archive.mozilla.org/";

interface UrlCase {
  url: string;
  record: ReleaseRecord | null;
  metadata?: "candidate" | "nightly";
}

interface RuleCase {
  url: string;
  id: string | null;
  why: string;
}

Deno.test("explain() gives the record, the kind and the reason of every worked URL", () => {
  for (const { url, record, metadata } of cases<UrlCase>("urls.jsonl")) {
    const explained = explain(url, ARCHIVE_URL);
    const kind = record ? "build" : metadata ? `${metadata}-metadata` : "ignored";
    assertEquals(explained.record, record, url);
    assertEquals<string>(explained.kind, kind, url);
    assertEquals(explained.reason === "", false, url);
    assertEquals(explained.metadataUrl === null, record === null, url);
  }
});

Deno.test.each(cases<RuleCase>("rules.jsonl"))("buildFrom() knows the rule: $why: $url", (rule) => {
  const build = buildFrom(pathOfUrl(rule.url, ARCHIVE_URL)!, ARCHIVE_URL);
  assertEquals("record" in build ? build.record.id : null, rule.id);
});

function cases<Case>(name: string): Case[] {
  const text = Deno.readTextFileSync(new URL(`../testdata/${name}`, import.meta.url));
  return text.trim().split("\n").map((line) => JSON.parse(line));
}
