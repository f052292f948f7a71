import { setImmediate } from "node:timers/promises";

/** How often {@linkcode until} looks. */
const INTERVAL_MS = 20;

/**
 * Polls a process or a server until it is in a state.
 *
 * @param timeoutMs @default {120_000}
 * @throws {Error} after that time
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 120_000,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  while (!await isSo()) {
    if (signal.aborted) throw new Error(`not so after ${timeoutMs} ms: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** Turns of the event loop after which streams and promises in memory have nothing left to do. */
const TURNS = 20;

/** Waits until everything in memory has gone on as far as it can without the test. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
}
