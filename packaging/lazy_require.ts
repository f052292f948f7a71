/**
 * Defers the creation of `require()` for CommonJS packages until it is used. Deno's bundler creates
 * it at the start, from `node:module`, which took 25 ms of each start even without such a package.
 *
 * @example
 * ```ts
 * import { lazyRequire } from "./lazy_require.ts";
 * const eager = 'import{createRequire as c} from "node:module";var r=c(import.meta.url);r("os")';
 * if (/^import/.test(lazyRequire(eager))) throw new Error();
 * ```
 */
export function lazyRequire(source: string): string {
  return source.replace(
    /import\s*\{\s*createRequire as (\w+)\s*\}\s*from\s*"node:module";\s*var (\w+)\s*=\s*\1\(import\.meta\.url\);/,
    'var $2=(name)=>process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);',
  );
}
