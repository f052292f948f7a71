import { command } from "../../src/commands/lambda.ts";
import { s3Event } from "../../lambda/s3_event.ts";
import type { Invocation } from "../../lambda/runtime.ts";
import { readArguments } from "../../src/settings/read_arguments.ts";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { load } from "../../src/kinto/load.ts";
import { Log } from "../../src/reporting/log.ts";
import { published, unpublish } from "../published.ts";
import { startKinto } from "../servers/kinto.ts";

const COLLECTION = { bucket: "build-hub", collection: "releases" };
const AUTH = "operator:correct horse";

/** How one event is sent. */
export interface InvokeOptions {
  /** Until the deadline's signal. @default {20_000} */
  leftMs?: number;
}

/** One warm function, with a real Kinto and a served archive behind it. */
export async function startFunction(
  archiveOptions: Parameters<typeof serveArchive>[0],
  env: Record<string, string> = {},
) {
  await using stack = new AsyncDisposableStack();
  const archive = stack.use(serveArchive(archiveOptions));
  const server = stack.use(await startKinto());
  const kinto = new Kinto({ url: server.url, auth: AUTH });
  await load(kinto, await initialization(COLLECTION));
  const variables: Record<string, string> = {
    SERVER_URL: server.url,
    ARCHIVE_URL: archive.url,
    AUTH,
    NB_RETRY_REQUEST: "1",
    ...env,
  };
  const { config } = readArguments([], command, (name) => variables[name]);
  const handler = s3Event(config);
  const logs: string[] = [];
  const reported: unknown[] = [];
  const parts = stack.move();
  return {
    archive,
    kintoUrl: server.url,
    logs,
    reported,
    /** Sends an event; the answer, or what the function threw. */
    async invoke(event: unknown, { leftMs = 20_000 }: InvokeOptions = {}) {
      const deadline = new AbortController();
      const end = Date.now() + leftMs;
      const timer = setTimeout(
        () => deadline.abort(new DOMException("the deadline is near", "TimeoutError")),
        leftMs,
      );
      const invocation: Invocation = {
        requestId: "1",
        deadline: deadline.signal,
        leftMs: () => end - Date.now(),
        fetch,
        report: (error) => Promise.resolve(reported.push(error)),
        log: new Log({ level: "info", write: (line) => logs.push(line) }),
      };
      try {
        return await handler(event, invocation);
      } catch (error) {
        return error;
      } finally {
        clearTimeout(timer);
      }
    },
    /** What the collection holds, by id, without what the server adds. */
    records: () => published(server.url),
    /** Empties the collection. */
    clear: () => unpublish(server.url, AUTH),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** One record of an S3 event. */
export function s3Record(
  path: string,
  { eventName = "ObjectCreated:Put", size = 7 }: { eventName?: string; size?: unknown } = {},
) {
  const key = encodeURIComponent(path).replaceAll("%2F", "/").replaceAll("%20", "+");
  return {
    eventSource: "aws:s3",
    eventName,
    eventTime: "2018-01-02T03:04:05.678Z",
    s3: { bucket: { name: "b" }, object: { key, size } },
  };
}

/** S3's own event of new objects. */
export function eventOf(...paths: string[]) {
  return { Records: paths.map((path) => s3Record(path)) };
}

/** An event of a queue: one message for each body. */
export function sqsEvent(bodies: Record<string, unknown>) {
  return {
    Records: Object.entries(bodies).map(([messageId, body]) => ({
      messageId,
      eventSource: "aws:sqs",
      body: typeof body === "string" ? body : JSON.stringify(body),
    })),
  };
}

/** A file of the served archive; with an object it's a JSON document, else a build. */
export function file(path: string, document?: object): ArchiveFile {
  const body = document && JSON.stringify(document);
  return { path, size: 5, last_modified: "2018-01-01T00:00:00Z", body };
}
