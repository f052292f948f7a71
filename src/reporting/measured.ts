import type { Log } from "./log.ts";

/**
 * Runs a job as a span, records its duration, and prints the metrics when LOG_METRICS keeps them.
 *
 * @returns the job's exit code
 */
export async function measured(
  command: string,
  log: Log,
  run: () => Promise<number>,
): Promise<number> {
  const { telemetry } = log;
  const start = performance.now();
  let code = 1;
  try {
    await telemetry.span("buildhub.job", { command }, async (set) => {
      code = await run();
      set("code", code);
    });
    return code;
  } finally {
    const seconds = (performance.now() - start) / 1000;
    telemetry.record("buildhub.job.duration", seconds, { command, code: String(code) });
    for (const line of telemetry.lines()) log.metric(line);
  }
}
