import { assertEquals } from "@std/assert";
import { type Notice, noticesOf } from "../../../src/jobs/events/notices.ts";
import { eventOf, s3Record, sqsEvent } from "../../lambda/s3_event_setup.ts";

const PATH = "pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe";
const EVENT = eventOf(PATH);
const CREATED: Notice = { kind: "created", path: PATH, sizeBytes: 7, date: "2018-01-02T03:04:05Z" };
const SNS = { EventSource: "aws:sns", Sns: { Message: JSON.stringify(EVENT) } };
const ENVELOPE = { Type: "Notification", Message: JSON.stringify(EVENT) };
const BRIDGE = {
  "detail-type": "Object Created",
  source: "aws.s3",
  time: "2018-01-02T03:04:05Z",
  detail: { object: { key: PATH, size: 7 } },
};

const unreadable = (reason: string): Notice => ({ kind: "unreadable", reason });
const ignored = (reason: string): Notice => ({ kind: "ignored", reason });

const CASES: { name: string; event: unknown; notices: Notice[] }[] = [
  { name: "S3", event: EVENT, notices: [CREATED] },
  { name: "several objects", event: eventOf(PATH, PATH), notices: [CREATED, CREATED] },
  { name: "SNS", event: { Records: [SNS] }, notices: [CREATED] },
  {
    name: "SQS",
    event: sqsEvent({ m1: EVENT, m2: EVENT }),
    notices: [{ messageId: "m1", ...CREATED }, { messageId: "m2", ...CREATED }],
  },
  {
    name: "SNS in SQS",
    event: sqsEvent({ m1: ENVELOPE }),
    notices: [{ messageId: "m1", ...CREATED }],
  },
  { name: "EventBridge", event: BRIDGE, notices: [CREATED] },
  {
    name: "EventBridge in SQS",
    event: sqsEvent({ m1: BRIDGE }),
    notices: [{ messageId: "m1", ...CREATED }],
  },
  {
    name: "a key with escapes",
    event: eventOf("pub/a (1)/é+b%2.exe"),
    notices: [{ ...CREATED, path: "pub/a (1)/é+b%2.exe" }],
  },
  {
    name: "a key with an escape that makes no sense",
    event: { Records: [{ ...EVENT.Records[0], s3: { object: { key: "pub/%zz+a", size: 7 } } }] },
    notices: [{ ...CREATED, path: "pub/%zz a" }],
  },
  {
    name: "an event name as other servers spell it",
    event: { Records: [s3Record(PATH, { eventName: "s3:ObjectCreated:Put" })] },
    notices: [CREATED],
  },
  {
    name: "s3:TestEvent",
    event: { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "b" },
    notices: [ignored("s3:TestEvent")],
  },
  {
    name: "s3:TestEvent in SQS",
    event: sqsEvent({ m1: { Event: "s3:TestEvent" } }),
    notices: [{ messageId: "m1", ...ignored("s3:TestEvent") }],
  },
  {
    name: "a removal",
    event: { Records: [s3Record(PATH, { eventName: "ObjectRemoved:Delete" })] },
    notices: [ignored("ObjectRemoved:Delete")],
  },
  {
    name: "a removal by EventBridge",
    event: { ...BRIDGE, "detail-type": "Object Deleted" },
    notices: [ignored(`EventBridge's "Object Deleted"`)],
  },
  {
    name: "another service",
    event: { Records: [{ eventSource: "aws:dynamodb" }] },
    notices: [ignored("a record of aws:dynamodb")],
  },
  { name: "no records", event: { Records: [] }, notices: [] },
  {
    name: "an empty object",
    event: {},
    notices: [unreadable("an event without Records")],
  },
  {
    name: "Records of the wrong type",
    event: { Records: "x" },
    notices: [unreadable("an event without Records")],
  },
  { name: "null", event: null, notices: [unreadable("an event that is null")] },
  { name: "a list", event: [EVENT], notices: [unreadable("an event that is a list")] },
  {
    name: "odd records between good ones",
    event: { Records: [null, 1, {}, EVENT.Records[0], { Sns: null }, { Sns: { Message: "{" } }] },
    notices: [
      unreadable("a record that is null"),
      unreadable("a record that is a number"),
      unreadable("a record of no known kind"),
      CREATED,
      unreadable("Sns.Message that is missing"),
      unreadable(
        "Sns.Message that is no JSON: Expected property name or '}' in JSON at position 1 " +
          "(line 1 column 2)",
      ),
    ],
  },
  {
    name: "a broken message beside a good one",
    event: sqsEvent({ m1: "{", m2: EVENT }),
    notices: [
      {
        messageId: "m1",
        ...unreadable(
          "body that is no JSON: Expected property name or '}' in JSON at position 1 " +
            "(line 1 column 2)",
        ),
      },
      { messageId: "m2", ...CREATED },
    ],
  },
  {
    name: "a message without id",
    event: { Records: [{ eventSource: "aws:sqs", body: 1 }] },
    notices: [unreadable("body that is a number")],
  },
  {
    name: "an object without size",
    event: { Records: [s3Record(PATH, { size: null })] },
    notices: [{ ...CREATED, sizeBytes: undefined }],
  },
  {
    name: "an object with half a byte",
    event: { Records: [s3Record(PATH, { size: 1.5 })] },
    notices: [{ ...CREATED, sizeBytes: undefined }],
  },
  {
    name: "a date that isn't one",
    event: { Records: [{ ...EVENT.Records[0], eventTime: "2018-02-31T00:00:00Z" }] },
    notices: [{ ...CREATED, date: undefined }],
  },
  {
    name: "an object without key",
    event: { Records: [{ s3: { object: { size: 1 } } }, { s3: null }] },
    notices: [unreadable("an object without a key"), unreadable("an object without a key")],
  },
  {
    name: "envelopes without end",
    event: nested(9),
    notices: [unreadable("too many envelopes")],
  },
];

Deno.test.each(CASES)("noticesOf() reads $name", ({ event, notices }) => {
  assertEquals(noticesOf(event), notices);
});

/** Empty envelopes, one in the other. */
function nested(depth: number): unknown {
  let event: unknown = {};
  for (let level = 0; level < depth; level++) event = { Message: JSON.stringify(event) };
  return event;
}
