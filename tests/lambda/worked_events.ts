import type { ReleaseRecord } from "../../src/builds/record.ts";

/** A worked case: an event, and all that it must make of an empty collection. */
export interface WorkedEvent {
  /** Of the object: a build, a candidate's metadata, a nightly's, or nothing of those. */
  kind: "archive" | "rc" | "nightly" | "other";
  event: unknown;
  /** By id. */
  records: Map<string, ReleaseRecord>;
}

/** The worked cases of events, about an archive at this URL. */
export async function workedEvents(archiveUrl: string): Promise<WorkedEvent[]> {
  const text = await Deno.readTextFile(new URL("../testdata/lambda.jsonl", import.meta.url));
  return text.trim().replaceAll("https://archive.mozilla.org/", archiveUrl).split("\n")
    .map((line) => {
      const { kind, event, records } = JSON.parse(line);
      const byId = records.map((record: ReleaseRecord) => [record.id, record]);
      return { kind, event, records: new Map(byId) };
    });
}
