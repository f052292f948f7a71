import { run } from "../servers/python.ts";
import { sampleRecord } from "./sample_record.ts";

/** Puts records straight into PostgreSQL: through Kinto a million of them would take hours. */
export async function fillKinto(
  databaseUrl: string,
  { bucket, collection }: { bucket: string; collection: string },
  count: number,
): Promise<void> {
  const { id, ...record } = sampleRecord(0);
  await run("psql", [
    ...["--quiet", "--dbname", databaseUrl, "--command"],
    `ALTER TABLE objects DISABLE TRIGGER USER;
     INSERT INTO objects (id, parent_id, resource_name, last_modified, data, deleted)
     SELECT '${id}_' || n, '/buckets/${bucket}/collections/${collection}', 'record',
       from_epoch(1500000000000 + 100 * n::bigint),
       '${JSON.stringify(record)}'::jsonb || jsonb_build_object('n', n), false
     FROM generate_series(1, ${count}) AS n;
     ALTER TABLE objects ENABLE TRIGGER USER;
     ANALYZE objects;`,
  ]);
}
