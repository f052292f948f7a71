import { UsageError } from "../errors/usage_error.ts";
import type { Log } from "../reporting/log.ts";
import { Accounts } from "../server/access/accounts.ts";
import { accessLog } from "../server/http/access_log.ts";
import { compressSearches } from "../server/http/compress_searches.ts";
import { InFlight } from "../server/http/in_flight.ts";
import type { RequestHandler } from "../server/http/middleware.ts";
import { buildhubServer } from "../server/server.ts";
import { Store } from "../server/store/store.ts";
import { listenError } from "./listen_error.ts";
import type { ConfigOf } from "../settings/config.ts";
import type { SERVE } from "../settings/setting_groups.ts";

/** How long a shutdown waits for in-flight requests, in milliseconds. */
const MAX_DRAIN_MS = 10_000;

/** The settings of {@linkcode serve}. */
export type ServeConfig = ConfigOf<typeof SERVE>;

/** The options of {@linkcode serve} beside the settings. */
export interface ServeOptions {
  log: Log;
  /** Ends the server, after its in-flight requests. */
  signal: AbortSignal;
  /** Print a line of JSON for each request. */
  isLogged?: boolean;
  /** The Kinto server whose builds the page shows. @default {this one} */
  catalogueOf?: string;
}

/**
 * Runs the embedded server until the signal is aborted.
 *
 * @throws {UsageError} when the accounts, the file or the address can't be used
 */
export async function serve(
  config: ServeConfig,
  { log, signal, isLogged = false, catalogueOf }: ServeOptions,
): Promise<void> {
  const { bucket, collection, host, port, database } = config;
  const accounts = accountsOf(config);
  const store = await Store.open(database);
  try {
    const { catalogueRoutes } = await import("../server/catalogue_routes.ts");
    const inFlight = new InFlight();
    const accessLogs = isLogged ? [accessLog((line) => log.print(line))] : [];
    const handler = buildhubServer({
      store,
      accounts,
      settings: {
        paginateBy: config.paginateBy,
        batchMaxRequests: config.kintoBatchMaxRequests,
        isFlushEnabled: config.isFlushEnabled,
        isReadonly: config.isReadonly,
        maxScanMs: config.maxScanMs,
      },
      onError: (error) => log.error(error instanceof Error ? error.stack ?? "" : String(error)),
      searched: { bucket, collection, signal },
      middleware: [inFlight.middleware, ...accessLogs, compressSearches],
      routes: catalogueRoutes({ server: catalogueOf, bucket, collection }),
    });
    const server = listen(host, port, handler, (url) => {
      log.print(`The catalogue is at ${url}/`);
      log.print(`Serving ${database} at ${url}/v1/`);
    });
    await aborted(signal);
    await inFlight.finished(MAX_DRAIN_MS);
    await server.shutdown();
  } finally {
    store.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** @throws {UsageError} when the address can't be used */
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
    throw listenError(error, hostname, port);
  }
}

/** @throws {UsageError} for an unreadable file, and for the default password on a public address */
function accountsOf(
  { accountsFile: file, auth, host }: Pick<ServeConfig, "accountsFile" | "auth" | "host">,
): Accounts {
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
