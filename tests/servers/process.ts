import { TextLineStream } from "@std/streams/text-line-stream";

/** A server program that runs until it's disposed of. */
export interface Server extends AsyncDisposable {
  /** Every line that it wrote to stdout or stderr, the oldest first. */
  logs: string[];
  pid: number;
}

/**
 * Starts a program and waits for a line in its output that says that it's ready.
 *
 * @param stop how it's asked to end
 * @returns the server, and what the pattern matched
 * @throws {Error} with the program's output, when it ends before
 */
export async function startProcess(
  program: string,
  { ready, stop = "SIGTERM", ...options }:
    & { ready: RegExp; stop?: Deno.Signal }
    & Deno.CommandOptions,
): Promise<[server: Server, match: RegExpMatchArray]> {
  const child = new Deno.Command(program, {
    stdin: "null",
    ...options,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const logs: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>();
  const reading = Promise.all([child.stdout, child.stderr].map(async (stream) => {
    const lines = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      logs.push(line);
      const match = line.match(ready);
      if (match) resolve(match);
    }
  })).then(() => reject(new Error(`${program} ended before it was ready:\n${logs.join("\n")}`)));
  const server = {
    logs,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      try {
        child.kill(stop);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has ended by itself
      }
      await Promise.all([child.status, reading]);
    },
  };
  return [server, await promise];
}
