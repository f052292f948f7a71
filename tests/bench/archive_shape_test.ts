import { assertEquals } from "@std/assert";
import { Classifier } from "../../src/builds/classify.ts";
import { classifyFolder } from "../../src/builds/classify_folder.ts";
import { ArchiveShape } from "./archive_shape.ts";

Deno.test("ArchiveShape lists as many builds as it says, each once and sorted", () => {
  const shape = new ArchiveShape(1_000);
  const classifier = new Classifier();
  const ids = new Set<string>();
  const waiting = ["pub/"];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { prefixes, files } = shape.list(folder)!;
    assertEquals(prefixes, prefixes.toSorted(), folder);
    for (const { name } of files) {
      const verdict = classifier.classify(folder + name);
      if (verdict.kind === "build") ids.add(verdict.id);
    }
    for (const prefix of prefixes) {
      if (folder === "pub/" || classifyFolder(folder + prefix).kind === "open") {
        if (prefix !== "vpn/") waiting.push(folder + prefix);
      }
    }
  }
  assertEquals(ids.size, shape.buildCount);
});

Deno.test("ArchiveShape has some three million builds at most", () => {
  const { buildCount } = new ArchiveShape(10_000_000);
  assertEquals(Math.round(buildCount / 1e6), 3);
});

Deno.test.each([
  "pub/chromium/",
  "pub/firefox/releases/158.0/",
  "pub/firefox/releases/157.0/win64/xx/",
  "pub/firefox/releases/157.0/win64/fr/deeper/",
  "pub/firefox/candidates/157.0-candidates/build3/",
  "pub/firefox/nightly/2026/12/",
  "pub/thunderbird/nightly/",
])("ArchiveShape has no folder %s", (folder) => {
  assertEquals(new ArchiveShape(1_000).list(folder), undefined);
});
