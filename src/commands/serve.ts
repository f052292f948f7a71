import { UsageError } from "../errors/usage_error.ts";
import { Accounts } from "../server/access/accounts.ts";
import { accessLog } from "../server/http/access_log.ts";
import { InFlight } from "../server/http/in_flight.ts";
import type { RequestHandler } from "../server/http/middleware.ts";
import { buildhubServer } from "../server/server.ts";
import { Store } from "../server/store/store.ts";
import type { Command } from "./command.ts";

/** How long in-flight requests may take after a signal to end. */
const LONGEST_DRAIN_MS = 10_000;

/** `serve`: the embedded server. */
export const command: Command = {
  summary: "serve a catalogue, on one file, as Kinto does",
  description: `Speaks the part of Kinto's HTTP API that release collections need, on a SQLite file,
and answers a browser with a page to look for builds in BUCKET and COLLECTION.
AUTH holds the accounts, one user:password a line; their user ids are account:user.
SIGTERM and Ctrl-C finish in-flight requests. Point SERVER_URL at a Kinto to outgrow it.`,
  settings: [
    "host",
    "port",
    "database",
    "auth",
    "accountsFile",
    "paginateBy",
    "kintoBatchMaxRequests",
    "isFlushEnabled",
    "isReadonly",
    "bucket",
    "collection",
  ],
  flags: [
    { name: "access-log", help: "a line of JSON on stderr for each request" },
    { name: "catalogue-of", value: "URL", help: "show the builds of another Kinto on the page" },
  ],
  async run({ config, flags, log, signal }) {
    const accounts = accountsOf(config.accountsFile, config.auth, config.host);
    const store = await Store.open(config.database);
    try {
      const { catalogueRoutes } = await import("../server/catalogue_routes.ts");
      const inFlight = new InFlight();
      const accessLogs = flags["access-log"] ? [accessLog((line) => log.print(line))] : [];
      const handler = buildhubServer({
        store,
        accounts,
        settings: {
          paginateBy: config.paginateBy,
          batchMaxRequests: config.kintoBatchMaxRequests,
          isFlushEnabled: config.isFlushEnabled,
          isReadonly: config.isReadonly,
        },
        onError: (error) => log.error(error instanceof Error ? error.stack ?? "" : String(error)),
        middleware: [inFlight.middleware, ...accessLogs],
        routes: catalogueRoutes({
          server: catalogueOf(flags["catalogue-of"]),
          bucket: config.bucket,
          collection: config.collection,
        }),
      });
      const server = listen(config.host, config.port, handler, (url) => {
        log.print(`The catalogue is at ${url}/`);
        log.print(`Serving ${config.database} at ${url}/v1/`);
      });
      await aborted(signal);
      await inFlight.finished(LONGEST_DRAIN_MS);
      await server.shutdown();
    } finally {
      store.close();
    }
    return 0;
  },
};

/** The other Kinto's URL, without a slash at its end. @throws {UsageError} */
function catalogueOf(url: string | true | undefined): string | undefined {
  if (typeof url !== "string") return undefined;
  if (/^https?:\/\/[^/]/.test(url) && URL.canParse(url)) return url.replace(/\/+$/, "");
  throw new UsageError(`--catalogue-of ${url} is not a URL such as https://kinto.example.com/v1`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function listen(
  hostname: string,
  port: number,
  handler: RequestHandler,
  onListen: (url: string) => void,
): Deno.HttpServer {
  try {
    return Deno.serve({
      hostname,
      port,
      onListen: (address) =>
        onListen(`http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${address.port}`),
    }, handler);
  } catch (error) {
    if (
      !(error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.AddrNotAvailable)
    ) {
      throw error;
    }
    throw new UsageError(`Cannot listen on ${hostname}:${port}: ${error.message}`);
  }
}

function accountsOf(file: string | undefined, auth: string, host: string): Accounts {
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  let accounts: Accounts;
  try {
    accounts = new Accounts(file === undefined ? auth : Deno.readTextFileSync(file));
  } catch (error) {
    throw new UsageError(`${file ?? "AUTH"}: ${(error as Error).message}`);
  }
  if (!isLoopback && accounts.has("user", "pass")) {
    throw new UsageError(
      `The default password may not be served on ${host}: set AUTH=user:password, or --host 127.0.0.1`,
    );
  }
  return accounts;
}
