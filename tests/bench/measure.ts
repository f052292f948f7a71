/** What one run of a command took. */
export interface Measured {
  seconds: number;
  /** The largest resident set of the process itself, from the kernel's own accounting. */
  peakMiB: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end; stdin comes from a file.
 *
 * @throws {Error} with what it said, unless it exits with 0
 */
export async function measure(
  command: string[],
  { stdin, env, cwd }: { stdin?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<Measured> {
  const start = performance.now();
  // The shell opens the file, so that the command reads it without a process in between.
  const child = new Deno.Command("sh", {
    args: ["-c", stdin === undefined ? 'exec "$@"' : 'exec "$@" < "$0"', stdin ?? "sh", ...command],
    env,
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let peakMiB = 0;
  const poll = setInterval(() => {
    try {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      peakMiB = Math.max(peakMiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has just ended.
    }
  }, 20);
  const { code, stdout, stderr } = await child.output();
  clearInterval(poll);
  const decoded = {
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
  if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}: ${decoded.stderr}`);
  return { seconds: (performance.now() - start) / 1000, peakMiB, ...decoded };
}

/** The one in the middle. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
