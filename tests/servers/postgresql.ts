import { startProcess } from "./process.ts";
import { run } from "./python.ts";

/** A PostgreSQL server of its own, on a new cluster. */
export interface Postgresql extends AsyncDisposable {
  /** For SQLAlchemy and libpq: `postgresql://…`. */
  url: string;
  logs: string[];
  pid: number;
}

/**
 * Makes a cluster in a temporary folder and serves it, as durable as in production (fsync on).
 * It listens on a socket within that folder, so that no two ever want the same port.
 */
export async function startPostgresql(): Promise<Postgresql> {
  const bin = await binaries();
  const folder = await Deno.makeTempDir({ prefix: "postgresql-" });
  const owner = await ownerFor(folder);
  const data = `${folder}/data`;
  await run(`${bin}/initdb`, [
    ...["--pgdata", data, "--username", "postgres", "--auth", "trust"],
    ...["--encoding", "UTF8", "--locale", "C", "--no-sync"],
  ], { ...owner, cwd: folder });
  const [server] = await startProcess(`${bin}/postgres`, {
    ...owner,
    cwd: folder,
    args: ["-D", data, "-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`],
    ready: /ready to accept connections/,
    // Nobody will read this cluster again, so it needn't be shut down in order.
    stop: "SIGQUIT",
  });
  return {
    url: `postgresql://postgres@/postgres?host=${folder}`,
    logs: server.logs,
    pid: server.pid,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The folder of PostgreSQL's programs; on a Debian without them, they're installed. */
async function binaries(): Promise<string> {
  const bindir = async () => (await run("pg_config", ["--bindir"])).trim();
  try {
    return await bindir();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || Deno.uid() !== 0) throw error;
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "--yes", "postgresql", "libpq-dev"]);
    return await bindir();
  }
}

/** PostgreSQL refuses to run as root: then it runs as the system's `postgres` user. */
async function ownerFor(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (Deno.uid() !== 0) return {};
  const uid = Number(await run("id", ["-u", "postgres"]));
  const gid = Number(await run("id", ["-g", "postgres"]));
  await Deno.chown(folder, uid, gid);
  return { uid, gid };
}
