import { startProcess } from "./process.ts";

/** A running `buildhub serve`, with its database in a folder of its own. */
export interface Serve extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1` */
  url: string;
  logs: string[];
  pid: number;
  /** The SQLite file. */
  database: string;
}

/** Starts `serve` on a free port, for the accounts alice:a, bob:b and user:pass. */
export async function startServe(
  { env = {}, args = [], database }: {
    env?: Record<string, string>;
    args?: string[];
    /** @default {a new file, removed at the end} */
    database?: string;
  } = {},
): Promise<Serve> {
  await using stack = new AsyncDisposableStack();
  let file = database;
  if (file === undefined) {
    const folder = await Deno.makeTempDir({ prefix: "serve-" });
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    file = `${folder}/buildhub.sqlite`;
  }
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const [server, match] = await startProcess(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--allow-all", main, "serve"],
      ...["--port", "0", "--database", file, ...args],
    ],
    env: {
      AUTH: "alice:a\nbob:b\nuser:pass",
      KINTO_FLUSH_ENDPOINT_ENABLED: "true",
      LOG_LEVEL: "error",
      ...env,
    },
    ready: /at (http:\S+\/v1)\/$/,
  });
  stack.use(server);
  const parts = stack.move();
  return {
    url: match[1] as string,
    logs: server.logs,
    pid: server.pid,
    database: file,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
