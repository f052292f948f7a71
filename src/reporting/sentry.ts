import denoJson from "../../deno.json" with { type: "json" };

/** What is sent with each report, and how. */
export interface SentryOptions {
  /** The subcommand, as a tag. */
  command: string;
  /** How long the work waits for a report to be sent. @default {2_000} */
  timeoutMs?: number;
}

type Client = NonNullable<ReturnType<typeof import("@sentry/deno")["init"]>>;

/** Reports errors to a Sentry project. It never fails, and never takes longer than its timeout. */
export class Sentry {
  readonly #dsn: string;
  readonly #options: SentryOptions;
  /** Loaded with the first report: loading takes longer than a small job. */
  #client: Promise<Client | undefined> | undefined;

  /** @param dsn `https://KEY@HOST/PROJECT` */
  constructor(dsn: string, options: SentryOptions) {
    this.#dsn = dsn;
    this.#options = options;
  }

  async #open(): Promise<Client | undefined> {
    const { init, linkedErrorsIntegration } = await import("@sentry/deno");
    const { command } = this.#options;
    return init({
      ...destination(this.#dsn),
      release: `buildhub@${denoJson.version}`,
      initialScope: { tags: { command } },
      // The default integrations also collect requests and output, and wait without limit for the
      // server when the process crashes.
      defaultIntegrations: false,
      integrations: [linkedErrorsIntegration()],
      skipOpenTelemetrySetup: true,
      sendClientReports: false,
    });
  }

  /**
   * Sends an error, with its stack and its causes, and waits until it's sent.
   *
   * @param level `fatal` for an uncaught error
   * @returns whether it was sent in time
   */
  async report(error: unknown, level: "error" | "fatal" = "error"): Promise<boolean> {
    try {
      const hint = { originalException: error, captureContext: { level } };
      const client = await (this.#client ??= this.#open());
      client?.captureException(error, hint);
      return await client?.flush(this.#options.timeoutMs ?? 2_000) ?? false;
    } catch {
      // A failing report must not hide the error.
      return false;
    }
  }
}

/** The client refuses old projects, whose id is a name instead of a number: a tunnel avoids that. */
function destination(dsn: string): { dsn: string; tunnel?: string } {
  const { protocol, username, host, pathname } = new URL(dsn);
  const [, path = "", project = ""] = /^(.*\/)([^/]*)$/.exec(pathname) ?? [];
  if (/^\d+$/.test(project)) return { dsn };
  const query = new URLSearchParams({ sentry_version: "7", sentry_key: username });
  return {
    dsn: `${protocol}//${username}@${host}${path}0`,
    tunnel: `${protocol}//${host}${path}api/${project}/envelope/?${query}`,
  };
}
