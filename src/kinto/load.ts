import type { DescribedObject } from "./description.ts";
import type { Kinto } from "./kinto.ts";
import type { KintoReply } from "./kinto_reply.ts";
import { type Change, changeFor, type CurrentObject, replacementFor } from "./load_plan.ts";

/** How {@linkcode load} works. */
export interface LoadOptions {
  /** Says what it would do, and does nothing. @default {false} */
  dryRun?: boolean;
  /** Writes everything as it is described, without comparing. @default {false} */
  force?: boolean;
  /** Called with each change once it's made; in a dry run, with each one that would be. */
  onChange?: (summary: string) => void;
}

/** What {@linkcode load} found and did. */
export interface LoadResult {
  /** Objects described = created + changed + unchanged. */
  described: number;
  created: number;
  changed: number;
  unchanged: number;
}

/** Another client may create an object between reading and writing; it's then compared again. */
const ROUNDS = 3;

/**
 * Makes the server match a description. Reads only what is described, and writes what differs; run
 * again, it changes nothing.
 *
 * @throws {HttpError} with the server's message, when it refuses something
 */
export async function load(
  kinto: Kinto,
  objects: readonly DescribedObject[],
  { dryRun = false, force = false, onChange = () => {} }: LoadOptions = {},
): Promise<LoadResult> {
  const { batchMaxRequests, user } = await kinto.info();
  const result = { described: objects.length, created: 0, changed: 0, unchanged: 0 };
  let todo = objects;
  for (let round = 1; todo.length > 0; round++) {
    const overtaken: DescribedObject[] = [];
    for (const part of inParts(todo, batchMaxRequests)) {
      const plan = force
        ? part.map(replacementFor)
        : (await currentObjects(kinto, part)).map((now, at) => changeFor(part[at]!, now, user));
      const changes = plan.filter((change) => change !== undefined);
      const replies = dryRun ? [] : await kinto.batch(changes.map(({ request }) => request));
      let refusal: Error | undefined;
      plan.forEach((change, at) => {
        if (!change) return result.unchanged++;
        const reply = replies.shift();
        if (reply?.status === 412) {
          if (round < ROUNDS) return overtaken.push(part[at]!);
          const { name } = part[at]!;
          return refusal ??= new Error(`${name} exists, and ${user} may not read or change it`);
        }
        if (reply && reply.status >= 300) return refusal ??= kinto.refusal(change.request, reply);
        onChange(change.summary);
        if (isCreation(change, reply)) result.created++;
        else result.changed++;
      });
      // After the other changes of the batch have been reported: they were made.
      if (refusal) throw refusal;
    }
    todo = overtaken;
  }
  return result;
}

async function currentObjects(
  kinto: Kinto,
  objects: readonly DescribedObject[],
): Promise<(CurrentObject | undefined)[]> {
  const requests = objects.map(({ path }) => ({ method: "GET", path }) as const);
  const replies = await kinto.batch(requests);
  return replies.map((reply, at) => {
    // 403 is also Kinto's answer for what is in a bucket that doesn't exist.
    if (reply.status === 404 || reply.status === 403) return undefined;
    if (reply.status !== 200) throw kinto.refusal(requests[at]!, reply);
    const { data = {}, permissions = {} } = reply.body as Partial<CurrentObject>;
    return { data, permissions };
  });
}

function isCreation({ request }: Change, reply: KintoReply | undefined): boolean {
  return reply ? reply.status === 201 : request.headers !== undefined;
}

function* inParts<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
