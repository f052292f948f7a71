/**
 * `deno task bench [NAME [ARGUMENT…]]`: measures, and prints figures; it never judges.
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };

/** Every benchmark, by name. */
const BENCHMARKS = new Map<string, () => Promise<{ run(args: string[]): Promise<void> }>>([
  ["inventory", () => import("./inventory_bench.ts")],
  ["kinto", () => import("./kinto_bench.ts")],
  ["lambda", () => import("./lambda_bench.ts")],
  ["serve", () => import("./serve_bench.ts")],
  ["audit", () => import("./audit_bench.ts")],
  ["crawl", () => import("./crawl_bench.ts")],
  ["archive", () => import("./archive_bench.ts")],
  ["catalogue", () => import("./catalogue_bench.ts")],
]);

// The programs that are measured run with V8's flags of the tasks.
const [, flags = ""] = /--v8-flags=(\S+)/.exec(project.tasks.buildhub) ?? [];
Deno.env.set("DENO_V8_FLAGS", flags);

const [wanted, ...args] = Deno.args;
for (const [name, load] of BENCHMARKS) {
  if (wanted !== undefined && name !== wanted) continue;
  console.log(`## ${name}`);
  await (await load()).run(args);
}
