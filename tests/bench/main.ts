/**
 * `deno task bench [NAME [ARGUMENT…]]`: measures, and prints figures; it never judges.
 *
 * @module
 */

/** Every benchmark, by name. */
const BENCHMARKS = new Map<string, () => Promise<{ run(args: string[]): Promise<void> }>>([
  ["inventory", () => import("./inventory_bench.ts")],
  ["kinto", () => import("./kinto_bench.ts")],
  ["lambda", () => import("./lambda_bench.ts")],
  ["serve", () => import("./serve_bench.ts")],
  ["audit", () => import("./audit_bench.ts")],
  ["crawl", () => import("./crawl_bench.ts")],
  ["catalogue", () => import("./catalogue_bench.ts")],
]);

const [wanted, ...args] = Deno.args;
for (const [name, load] of BENCHMARKS) {
  if (wanted !== undefined && name !== wanted) continue;
  console.log(`## ${name}`);
  await (await load()).run(args);
}
