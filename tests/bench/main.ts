/**
 * `deno task bench [NAME [SIZE…]]`: prints the measured figures of all benchmarks, or of one.
 *
 * @module
 */

const BENCHMARKS = new Map([
  ["serve", () => import("./serve_bench.ts")],
]);

const [name, ...args] = Deno.args;
const chosen = name === undefined ? [...BENCHMARKS.keys()] : [name];
for (const name of chosen) {
  const load = BENCHMARKS.get(name);
  if (!load) {
    throw new Error(`No benchmark ${name}; known are ${[...BENCHMARKS.keys()].join(", ")}`);
  }
  console.log(`# ${name}`);
  await (await load()).bench(args);
}
