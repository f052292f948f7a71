import { DatabaseSync } from "node:sqlite";
import { initialization } from "../../src/kinto/initialization.ts";
import { Store } from "../../src/server/store/store.ts";
import { sampleRecord } from "./sample_record.ts";

const COLLECTIONS = "/buckets/build-hub/collections";
const RECORDS = `${COLLECTIONS}/releases/records`;

/** Writes a collection with so many sample records as the server does, without its HTTP. */
export async function fillDatabase(database: string, size: number): Promise<void> {
  const [, { data }] = await initialization({ bucket: "build-hub", collection: "releases" });
  const { "index:schema": schema } = data as Record<string, unknown>;
  const store = new Store(new DatabaseSync(database));
  store.transaction(() => {
    const acl = { read: ["system.Everyone"], write: ["account:user"] };
    store.put(store.list("/buckets")!, { id: "build-hub" }, acl, false);
    store.createList(COLLECTIONS);
    store.put(store.list(COLLECTIONS)!, { id: "releases", "index:schema": schema }, {}, false);
    store.createList(RECORDS);
  });
  for (let next = 0; next < size;) {
    store.transaction(() => {
      const list = store.list(RECORDS)!;
      for (let i = 0; i < 10_000 && next < size; i++) {
        store.put(list, { ...sampleRecord(next++) }, null, false);
      }
    });
  }
  store.close();
}
