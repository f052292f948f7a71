import type { ReleaseRecord } from "../src/builds/record.ts";

const RECORDS = "buckets/build-hub/collections/releases/records";

/** Everything in the collection, by id, without what the server stamps on it. */
export async function published(serverUrl: string): Promise<Map<string, ReleaseRecord>> {
  const records = new Map<string, ReleaseRecord>();
  let url: string | null = `${serverUrl}/${RECORDS}?_limit=5000`;
  while (url) {
    const response: Response = await fetch(url);
    const { data } = await response.json();
    for (const { last_modified: _, schema: __, ...record } of data) records.set(record.id, record);
    url = response.headers.get("next-page");
  }
  return records;
}

/** Empties the collection. @param auth `user:password` */
export async function unpublish(serverUrl: string, auth: string): Promise<void> {
  const response = await fetch(`${serverUrl}/${RECORDS}`, {
    method: "DELETE",
    headers: { authorization: `Basic ${btoa(auth)}` },
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Kinto said ${response.status}`);
}
