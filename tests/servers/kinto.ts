import { startPostgresql } from "./postgresql.ts";
import { startProcess } from "./process.ts";
import { python, PYTHON_PACKAGES, run } from "./python.ts";

/** A real Kinto, empty. */
export interface Kinto extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1` */
  url: string;
  /** PostgreSQL's, when that's the storage. */
  databaseUrl?: string;
  logs: string[];
  pid: number;
}

/** What {@linkcode startKinto} starts. */
export interface KintoOptions {
  /** @default {"memory"} */
  storage?: "memory" | "postgresql";
  /** Lines of its ini file, such as `{ "kinto.paginate_by": "5" }`. */
  settings?: Record<string, string>;
  /** The virtual environment that it runs from: its name, and what is installed there. */
  packages?: readonly [name: string, packages: readonly string[]];
}

/**
 * Starts Kinto from PyPI on a free port: it validates schemas, has the flush endpoint, and takes
 * any `user:password` of Basic Auth as a user of its own, who may create buckets.
 */
export async function startKinto(
  { storage = "memory", settings = {}, packages = ["kinto", PYTHON_PACKAGES.kinto] }: KintoOptions =
    {},
): Promise<Kinto> {
  const bin = await python(...packages);
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "kinto-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const backends: Record<string, string> = {};
  let databaseUrl: string | undefined;
  if (storage === "postgresql") {
    databaseUrl = stack.use(await startPostgresql()).url;
    for (const kind of ["storage", "permission", "cache"]) {
      backends[`kinto.${kind}_backend`] = `kinto.core.${kind}.postgresql`;
      backends[`kinto.${kind}_url`] = databaseUrl;
    }
  }
  const ini = `${folder}/kinto.ini`;
  await Deno.writeTextFile(ini, iniFile({ ...backends, ...settings }));
  if (storage === "postgresql") await run(`${bin}kinto`, ["migrate", "--ini", ini]);
  const [server, match] = await startProcess(`${bin}kinto`, {
    args: ["start", "--ini", ini, "--port", "0"],
    ready: /Serving on http:\/\/127\.0\.0\.1:(\d+)/,
  });
  stack.use(server);
  const url = `http://127.0.0.1:${match[1]}/v1`;
  const heartbeat = await fetch(`${url}/__heartbeat__`);
  if (!heartbeat.ok) throw new Error(`Kinto is ill: ${await heartbeat.text()}`);
  await heartbeat.body?.cancel();
  const parts = stack.move();
  return {
    url,
    databaseUrl,
    logs: server.logs,
    pid: server.pid,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function iniFile(settings: Record<string, string>): string {
  const lines = Object.entries({
    "use": "egg:kinto",
    "kinto.includes": "kinto.plugins.flush",
    "kinto.experimental_collection_schema_validation": "true",
    "kinto.userid_hmac_secret": "tests",
    "multiauth.policies": "basicauth",
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  return `[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = %(http_port)s

[app:main]
${lines.join("\n")}

[loggers]
keys = root, waitress
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[logger_waitress]
level = INFO
handlers =
qualname = waitress
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(levelname)s %(name)s %(message)s
`;
}
