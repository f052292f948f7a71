/** What was reported: the parts of an event that tests look at. */
export interface SentryEvent {
  level?: string;
  release?: string;
  tags?: Record<string, string>;
  exception?: { values: { type: string; value: string; stacktrace?: { frames: unknown[] } }[] };
}

/** A server that takes reports as Sentry does. */
export interface SentryServer extends AsyncDisposable {
  /** `http://…`, without key and project. */
  url: string;
  /** For SENTRY_DSN. */
  dsn: string;
  events: SentryEvent[];
  /** All that was received, as it came: path, headers and body of each request. */
  received: string[];
}

/**
 * Speaks Sentry's envelope endpoint, `/api/PROJECT/envelope/`.
 *
 * See https://develop.sentry.dev/sdk/data-model/envelopes/
 */
export function startSentry(
  { project = "1", answer = () => Promise.resolve(Response.json({ id: "1" })) }: {
    project?: string;
    answer?: () => Promise<Response>;
  } = {},
): SentryServer {
  const events: SentryEvent[] = [];
  const received: string[] = [];
  const stopped = new AbortController();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal: stopped.signal, onListen() {} },
    async (request) => {
      const { pathname, search, searchParams } = new URL(request.url);
      const body = await request.text();
      received.push(`${pathname}${search}\n${JSON.stringify([...request.headers])}\n${body}`);
      const isEnvelope = request.method === "POST" && pathname === `/api/${project}/envelope/` &&
        searchParams.get("sentry_key") === "publickey";
      if (!isEnvelope) return new Response(null, { status: 403 });
      events.push(...eventsOf(body));
      return await answer();
    },
  );
  const { port } = server.addr;
  return {
    url: `http://127.0.0.1:${port}`,
    dsn: `http://publickey:secretkey@127.0.0.1:${port}/${project}`,
    events,
    received,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await server.finished;
    },
  };
}

/** The events of an envelope: a header line, then for each item a header line and its payload. */
function eventsOf(envelope: string): SentryEvent[] {
  const [, ...lines] = envelope.split("\n");
  const events: SentryEvent[] = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const header: { type: string } = JSON.parse(lines[at] ?? "");
    if (header.type === "event") events.push(JSON.parse(lines[at + 1] ?? ""));
  }
  return events;
}
