import { assertEquals } from "@std/assert";
import { pathOfUrl } from "../../src/builds/archive_url.ts";
import { classify } from "../../src/builds/classify.ts";
import { explain } from "../../src/builds/explain.ts";
import type { UrlRecord } from "../../src/builds/record.ts";

const ARCHIVE_URL = "https://archive.mozilla.org/";

interface UrlCase {
  url: string;
  record: UrlRecord | null;
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

Deno.test.each(cases<RuleCase>("rules.jsonl"))("classify() knows the rule: $why: $url", (rule) => {
  const verdict = classify(pathOfUrl(rule.url, ARCHIVE_URL)!);
  assertEquals(verdict.kind === "build" ? verdict.id : null, rule.id);
});

function cases<Case>(name: string): Case[] {
  const text = Deno.readTextFileSync(new URL(`../testdata/${name}`, import.meta.url));
  return text.trim().split("\n").map((line) => JSON.parse(line));
}
