import { assertEquals, assertRejects } from "@std/assert";
import type { Documents } from "../../../src/archive/metadata_finder.ts";
import { HttpError } from "../../../src/errors/http_error.ts";
import { AnnouncedDocuments } from "../../../src/jobs/events/announced_documents.ts";
import type { JsonObject } from "../../../src/net/json.ts";
import { ManualClock } from "../../net/manual_clock.ts";

/** An archive that has nothing but what these functions return, and a deadline. */
function setUp(json: (path: string, attempt: number) => JsonObject | undefined) {
  const clock = new ManualClock();
  const deadline = new AbortController();
  const asked: string[] = [];
  const missing: [path: string, waitMs: number][] = [];
  const archive: Documents = {
    url: "http://a/",
    json(path) {
      asked.push(path);
      return Promise.try(json, path, asked.length);
    },
    text: () => Promise.resolve(undefined),
    listing: () => Promise.resolve(undefined),
  };
  const documents = new AnnouncedDocuments({
    archive,
    announced: new Set(["a.json"]),
    signal: deadline.signal,
    onMissing: (path, waitMs) => missing.push([path, waitMs]),
    clock,
    random: () => 0.5,
  });
  return { clock, deadline, asked, missing, documents };
}

Deno.test("AnnouncedDocuments.json() retries a missing document until it's there", async () => {
  const { documents, clock, missing } = setUp((_, attempt) => attempt < 7 ? undefined : { a: 1 });
  const document = documents.json("a.json");
  const waitsMs = [250, 500, 1_000, 2_000, 2_500, 2_500];
  for (const ms of waitsMs) await clock.pass(ms);
  assertEquals(await document, { a: 1 });
  assertEquals(missing, waitsMs.map((ms) => ["a.json", ms]));
});

Deno.test("AnnouncedDocuments.json() ends at the deadline", async () => {
  const { documents, clock, deadline, asked } = setUp(() => undefined);
  const document = documents.json("a.json");
  await clock.timer(250);
  deadline.abort(new RangeError("the deadline is near"));
  await assertRejects(() => document, RangeError, "the deadline is near");
  assertEquals([asked.length, clock.pending], [1, []]);
});

Deno.test("AnnouncedDocuments.json() takes other documents as they are", async () => {
  const { documents, asked } = setUp(() => undefined);
  assertEquals(await documents.json("b.json"), undefined);
  assertEquals(asked, ["b.json"]);
});

Deno.test("AnnouncedDocuments.json() passes on what the archive has retried already", async () => {
  const { documents, asked } = setUp(() => {
    throw new HttpError("GET", "http://a/a.json", 503, "", "");
  });
  await assertRejects(() => documents.json("a.json"), HttpError, "503");
  assertEquals(asked.length, 1);
});
