import type { KintoReply } from "./kinto_reply.ts";
import { reasonOfReply } from "./kinto_reply.ts";

/** What to do about a refusal, by its status. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "the server doesn't accept the user and password in AUTH",
  403:
    'the user in AUTH may not do this, or there is no such collection: "buildhub load" creates it',
  404: '"buildhub load" creates the bucket and the collection',
};

/** Why a request was refused, in Kinto's words, and what to do about it. */
export function refusalOf(reply: KintoReply): string {
  const reason = reasonOfReply(reply);
  const advice = ADVICE[reply.status];
  return advice === undefined ? reason : `${reason.replace(/\.$/, "")}; ${advice}`;
}

/** What may be wrong with a URL at which there is no Kinto; nothing when it has a version. */
export function adviceForUrl(url: string): string {
  return /\/v\d+$/.test(url) ? "" : `; is it ${url}/v1? Set SERVER_URL, or --server`;
}
