/** One run of the command line, as a process. */
export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `buildhub ARGS…` with these bytes on stdin, and nothing of the caller's environment. */
export async function buildhub(
  args: string[],
  { stdin, env = {} }: { stdin?: Uint8Array | string; env?: Record<string, string> } = {},
): Promise<Run> {
  const child = spawnBuildhub(args, env);
  const writer = child.stdin.getWriter();
  const input = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
  const written = (async () => {
    if (input) await writer.write(input);
    await writer.close();
  })().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await written;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The same, under way: for signals and half-read pipes. */
export function spawnBuildhub(args: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  const main = new URL("../main.ts", import.meta.url).pathname;
  const kept = ["PATH", "HOME", "DENO_DIR", "TMPDIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "--quiet", main, ...args],
    env: { ...Object.fromEntries(kept), ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
