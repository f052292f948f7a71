import type { Kinto } from "../../kinto/kinto.ts";
import { type CollectionName, recordPath } from "../../kinto/kinto_request.ts";

/**
 * The ids of the records without a build id, which other tools may have published.
 *
 * @throws {HttpError} when the server refuses
 */
export async function* recordsWithoutBuild(
  kinto: Kinto,
  name: CollectionName,
): AsyncGenerator<string> {
  let path: string | undefined = `${recordPath(name)}?has_build.id=false&_fields=id&_sort=id`;
  while (path !== undefined) {
    const request = { method: "GET", path } as const;
    const reply = await kinto.request(request);
    if (reply.status !== 200) throw kinto.refusal(request, reply);
    const { data } = reply.body as { data: { id: string }[] };
    for (const { id } of data) yield id;
    const next = reply.headers.get("next-page");
    path = next === null ? undefined : recordPath(name) + new URL(next, "http://localhost").search;
  }
}
