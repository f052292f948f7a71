import { DatabaseSync } from "node:sqlite";
import { Store } from "../../src/server/store/store.ts";
import { sampleRecord } from "../bench/sample_record.ts";
import { type Serve, startServe } from "../servers/serve.ts";

/** The collection that hostile requests are about. */
export const RECORDS = "/buckets/b/collections/c/records";

/** Another client gets its record within this time, in milliseconds, on a busy machine. */
const MAX_WAIT_MS = 1000;

/** The server's memory stays below this, in bytes. */
const MAX_MEMORY_BYTES = 500 * 1024 * 1024;

/** Writes a database with a collection that everyone may read, and `bob` may write. */
export function fill(file: string, count: number): void {
  using db = new DatabaseSync(file);
  const store = new Store(db);
  const everyone = { read: ["system.Everyone"], write: ["account:bob"] };
  store.transaction(() => {
    store.put(store.list("/buckets")!, { id: "b" }, everyone, false);
    store.createList("/buckets/b/collections");
    store.put(store.list("/buckets/b/collections")!, { id: "c" }, everyone, false);
    store.createList(RECORDS);
    const list = store.list(RECORDS)!;
    for (let i = 0; i < count; i++) store.put(list, { ...sampleRecord(i), number: i }, null, false);
  });
}

/** `serve` with a good client that watches it. */
export interface Watched extends AsyncDisposable {
  serve: Serve;
  /**
   * Asks for one record, again and again, until the hostile work is done.
   *
   * @throws {Error} when an answer took too long, or the server too much memory
   */
  watch<T>(
    hostile: () => Promise<T>,
  ): Promise<{ result: T; longestMs: number; memoryBytes: number }>;
}

/** Starts `serve` on a filled database. */
export async function startWatched(
  { count = 100_000, env = {} }: { count?: number; env?: Record<string, string> } = {},
): Promise<Watched> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "hostile-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const database = `${folder}/hostile.sqlite`;
  fill(database, count);
  const serve = stack.use(await startServe({ database, env }));
  // A good client has a connection of its own.
  const client = stack.use(Deno.createHttpClient({ poolMaxIdlePerHost: 1 }));
  const record = `${serve.url}${RECORDS}/${sampleRecord(0).id}`;
  const ask = async () => {
    const began = performance.now();
    const response = await fetch(record, { client });
    await response.body?.cancel();
    if (response.status !== 200) throw new Error(`the good client got ${response.status}`);
    return performance.now() - began;
  };
  const parts = stack.move();
  return {
    serve,
    async watch(hostile) {
      await ask();
      let isDone = false;
      const done = hostile().finally(() => isDone = true);
      let longestMs = 0;
      do {
        longestMs = Math.max(longestMs, await ask());
        // Others of this process have their turn, too: it runs the hostile client.
        await new Promise((resolve) => setTimeout(resolve, 1));
      } while (!isDone);
      const result = await done;
      const memoryBytes = memoryOf(serve.pid);
      if (longestMs > MAX_WAIT_MS) throw new Error(`a record took ${Math.round(longestMs)} ms`);
      if (memoryBytes > MAX_MEMORY_BYTES) {
        throw new Error(`the server took ${Math.round(memoryBytes / 2 ** 20)} MiB`);
      }
      return { result, longestMs, memoryBytes };
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** The most memory that a process has had. */
export function memoryOf(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
