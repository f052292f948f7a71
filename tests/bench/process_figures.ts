/** The most memory that a process ever held, in MiB. */
export function peakMiBOf(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

/** Microseconds that the processors worked for a process so far, in steps of 10 ms. */
export function cpuMicrosOf(pid: number): number {
  const [, after = ""] = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ");
  const fields = after.split(" ");
  // utime and stime, in the kernel's ticks: proc(5).
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
