/** What a plain loader is told, and what came of it. */
export interface PlainLoad {
  /** The collection's address. */
  collectionUrl: string;
  headers: Record<string, string>;
  records: { id: string }[];
  /** Batches side by side. */
  parallel: number;
  /** Records a batch. */
  size: number;
}

/**
 * The loader that the publisher is measured against: batches side by side, no attempt repeated, and
 * HTTP 200 taken for success.
 *
 * @returns milliseconds that it took
 */
export async function plainLoad(
  { collectionUrl, headers, records, parallel, size }: PlainLoad,
): Promise<number> {
  const start = performance.now();
  const { origin, pathname } = new URL(collectionUrl);
  let next = 0;
  await Promise.all(Array.from({ length: parallel }, async () => {
    while (next < records.length) {
      const part = records.slice(next, next += size);
      const requests = part.map((data) => ({
        method: "PUT",
        path: `${pathname}/records/${data.id}`,
        body: { data },
      }));
      const response = await fetch(`${origin}/v1/batch`, {
        method: "POST",
        headers,
        body: JSON.stringify({ requests }),
      });
      if (!response.ok) throw new Error(await response.text());
      await response.json();
    }
  }));
  return performance.now() - start;
}
