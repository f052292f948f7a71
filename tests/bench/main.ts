/**
 * `deno task bench [NAME…] [--OPTION=VALUE…]`: runs the benchmarks, or those named, and prints their
 * figures. Each says which options it takes.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

/** One benchmark. It prints its figures. */
export type Benchmark = (options: Record<string, unknown>) => Promise<void>;

const BENCHMARKS = new Map<string, () => Promise<{ bench: Benchmark }>>([
  ["kinto", () => import("./kinto_bench.ts")],
]);

const { _: names, ...options } = parseArgs(Deno.args);
for (const name of names.length > 0 ? names.map(String) : BENCHMARKS.keys()) {
  const load = BENCHMARKS.get(name);
  if (!load) throw new Error(`No benchmark ${name}; there are: ${[...BENCHMARKS.keys()].join()}`);
  console.log(`# ${name}`);
  await (await load()).bench(options);
}
