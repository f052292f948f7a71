import { assertEquals } from "@std/assert";
import { Store } from "../../../src/server/store/store.ts";

/** More lists than are cached. */
const LISTS = Array.from({ length: 1100 }, (_, n) => `/buckets/b${n}/collections`);

Deno.test("Store keeps the clocks and counts of a transaction with many lists", async () => {
  const file = await Deno.makeTempFile({ suffix: ".sqlite" });
  try {
    const store = await Store.open(file);
    const timestamps = new Map<string, number[]>();
    store.transaction(() => {
      for (const uri of LISTS) store.createList(uri);
      for (const id of ["one", "two", "three"]) {
        for (const uri of LISTS) {
          const { last_modified: timestamp } = store.put(store.list(uri)!, { id }, {}, false);
          timestamps.set(uri, [...timestamps.get(uri) ?? [], Number(timestamp)]);
        }
      }
    });
    store.close();
    const reopened = await Store.open(file);
    for (const uri of LISTS) {
      const [first = 0, second = 0, third = 0] = timestamps.get(uri)!;
      const { count, timestamp } = reopened.list(uri)!;
      assertEquals([first < second, second < third], [true, true], uri);
      assertEquals([count, timestamp], [3, third], uri);
    }
    reopened.close();
  } finally {
    await Deno.remove(file);
  }
});
