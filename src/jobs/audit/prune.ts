import { batches } from "../../kinto/batches.ts";
import type { Kinto } from "../../kinto/kinto.ts";
import { reasonOfReply } from "../../kinto/kinto_reply.ts";
import { type CollectionName, type KintoRequest, recordPath } from "../../kinto/kinto_request.ts";

/** A record that the archive no longer has a build for. */
export interface GoneRecord {
  id: string;
  /** As it was when the audit compared it; milliseconds since 1970. */
  lastModified: number;
}

/** What {@linkcode prune} removed: the records = removed + changed + refused. */
export interface Pruned {
  removed: number;
  /** Changed or removed by others since the audit compared them. */
  changed: number;
  refused: number;
}

/** How {@linkcode prune} works. */
export interface PruneOptions {
  kinto: Kinto;
  name: CollectionName;
  /** Requests per batch. */
  batchSize: number;
  /** Called with each record that the server refuses to remove. */
  onRefusal: (id: string, reason: string) => void;
}

/**
 * Removes records, each only if it's still as it was compared.
 *
 * @throws as {@linkcode Kinto.batch} does
 */
export async function prune(
  gone: Iterable<GoneRecord>,
  { kinto, name, batchSize, onRefusal }: PruneOptions,
): Promise<Pruned> {
  const pruned: Pruned = { removed: 0, changed: 0, refused: 0 };
  for await (const batch of ReadableStream.from(gone).pipeThrough(batches(batchSize))) {
    const replies = await kinto.batch(batch.map((record) => removal(name, record)));
    replies.forEach((reply, at) => {
      if (reply.status === 200) pruned.removed++;
      else if (reply.status === 404 || reply.status === 412) pruned.changed++;
      else {
        pruned.refused++;
        onRefusal(batch[at]!.id, `server replied ${reply.status} ${reasonOfReply(reply)}`);
      }
    });
  }
  return pruned;
}

function removal(name: CollectionName, { id, lastModified }: GoneRecord): KintoRequest {
  const headers = { "If-Match": `"${lastModified}"` };
  return { method: "DELETE", path: recordPath(name, id), headers };
}
