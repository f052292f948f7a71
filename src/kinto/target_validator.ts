import type { Log } from "../reporting/log.ts";
import { initialization } from "./initialization.ts";
import type { Kinto } from "./kinto.ts";
import { type CollectionName, collectionPath } from "./kinto_request.ts";
import { type RecordValidator, recordValidator } from "./record_schema.ts";

/**
 * A validator for the collection's schema on the server; for the one of initialization.yml where the
 * collection has none.
 *
 * @throws {Error} when there is no such collection, or the server doesn't accept the credentials
 */
export async function targetValidator(
  kinto: Kinto,
  name: CollectionName,
  log: Log,
): Promise<RecordValidator> {
  const request = { method: "GET", path: collectionPath(name) } as const;
  const reply = await kinto.request(request);
  if (reply.status === 404) {
    throw new Error(
      `${kinto.url} has no collection ${name.bucket}/${name.collection}: ` +
        `"buildhub load" creates it`,
    );
  }
  // 403: a user who may only create records can't read the collection.
  if (reply.status !== 200 && reply.status !== 403) throw kinto.refusal(request, reply);
  const { data } = (reply.body ?? {}) as { data?: { schema?: object } };
  const schema = data?.schema;
  if (schema === undefined || Object.keys(schema).length === 0) {
    const [, collection] = await initialization(name);
    return recordValidator(collection.data.schema as object);
  }
  try {
    return await recordValidator(schema);
  } catch (error) {
    log.warning(`Records are validated by the server alone, its schema can't be used: ${error}`);
    return () => [];
  }
}
