import { pathOfKey } from "../../builds/archive_url.ts";
import { wholeSeconds } from "../../builds/whole_seconds.ts";
import { reasonOf } from "../../errors/reason_of.ts";
import { isObject } from "../../net/json.ts";

/** What an event says of one object of the archive's bucket. */
export type Notice =
  & {
    /** The SQS message that it came in: what to name when it's to come again. */
    messageId?: string;
  }
  & (CreatedObject | { kind: "ignored" | "unreadable"; reason: string });

/** An object that is new, or replaced. */
export interface CreatedObject {
  kind: "created";
  /** Decoded: `pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe`. */
  path: string;
  /** Undefined when the event doesn't tell. */
  sizeBytes?: number;
  /** When the event happened: UTC, whole seconds. Undefined when the event doesn't tell. */
  date?: string;
}

type Members = Record<string, unknown>;

/** SQS around SNS around S3 is three; nobody needs more than these. */
const DEEPEST = 6;

/**
 * Unwraps an event: S3's own, inside SNS, SQS, both, or EventBridge's (docs/domain.md, "S3 events"). What
 * can't be read becomes a notice of its own, so that it costs nothing else.
 *
 * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * @example
 * ```ts
 * import { noticesOf } from "./notices.ts";
 * const s3 = { object: { key: "pub/a+b.exe", size: 2 } };
 * const record = { eventName: "ObjectCreated:Put", eventTime: "2017-06-02T12:20:10.2Z", s3 };
 * const [notice] = noticesOf({ Records: [{ Sns: { Message: JSON.stringify({ Records: [record] }) } }] });
 * if (notice?.kind !== "created" || notice.path !== "pub/a b.exe") throw new Error();
 * ```
 */
export function noticesOf(event: unknown): Notice[] {
  return [...fromEvent(event, 0)];
}

function* fromEvent(event: unknown, depth: number): Generator<Notice> {
  if (depth > DEEPEST) return yield unreadable("too many envelopes");
  if (!isObject(event)) return yield unreadable(`an event that is ${typeName(event)}`);
  if (event.Event === "s3:TestEvent") return yield ignored("s3:TestEvent");
  if ("detail-type" in event) return yield fromEventBridge(event);
  if (Array.isArray(event.Records)) {
    for (const record of event.Records) yield* fromRecord(record, depth);
  } else if (typeof event.Message === "string") yield* fromJson(event.Message, "Message", depth);
  else yield unreadable("an event without Records");
}

function* fromRecord(record: unknown, depth: number): Generator<Notice> {
  if (!isObject(record)) return yield unreadable(`a record that is ${typeName(record)}`);
  const source = record.eventSource ?? record.EventSource;
  if (source === "aws:sqs" || "body" in record) {
    const { messageId } = record;
    const named = typeof messageId === "string" && messageId !== "" ? { messageId } : {};
    for (const notice of fromJson(record.body, "body", depth)) yield { ...named, ...notice };
  } else if (source === "aws:sns" || "Sns" in record) {
    const { Message } = isObject(record.Sns) ? record.Sns : {} as Members;
    yield* fromJson(Message, "Sns.Message", depth);
  } else if ("s3" in record) yield fromS3(record);
  else if (typeof source === "string") yield ignored(`a record of ${source}`);
  else yield unreadable("a record of no known kind");
}

function* fromJson(text: unknown, name: string, depth: number): Generator<Notice> {
  if (typeof text !== "string") return yield unreadable(`${name} that is ${typeName(text)}`);
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    return yield unreadable(`${name} that is no JSON: ${reasonOf(error)}`);
  }
  yield* fromEvent(event, depth + 1);
}

function fromS3({ eventName, eventTime, s3 }: Members): Notice {
  if (typeof eventName === "string" && !/^(s3:)?ObjectCreated:/.test(eventName)) {
    return ignored(eventName);
  }
  return created(isObject(s3) ? s3.object : undefined, eventTime);
}

/**
 * Keys of builds read the same whether they are encoded or not: they hold no plus and no percent.
 * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
function fromEventBridge({ "detail-type": type, time, detail }: Members): Notice {
  if (type !== "Object Created") return ignored(`EventBridge's ${JSON.stringify(type)}`);
  return created(isObject(detail) ? detail.object : undefined, time);
}

function created(object: unknown, time: unknown): Notice {
  const { key, size } = isObject(object) ? object : {} as Members;
  if (typeof key !== "string" || key === "") return unreadable("an object without a key");
  return {
    kind: "created",
    path: pathOfKey(key),
    sizeBytes: Number.isSafeInteger(size) && (size as number) >= 0 ? size as number : undefined,
    date: typeof time === "string" ? wholeSeconds(time) : undefined,
  };
}

function ignored(reason: string): Notice {
  return { kind: "ignored", reason };
}

function unreadable(reason: string): Notice {
  return { kind: "unreadable", reason };
}

function typeName(value: unknown): string {
  if (value === undefined) return "missing";
  return value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
