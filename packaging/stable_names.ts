/**
 * Renames the chunks of a bundle, `chunk-J7ERC7PZ.js` → `chunk-2.js`, so that the same sources give
 * the same files. The bundler's names contain a hash of paths on the machine.
 *
 * @param files the bundle's files by name, all in one folder
 * @param entry the name of the main file
 * @returns the entry and the files that it needs, by their new names
 *
 * @example
 * ```ts
 * import { stableNames } from "./stable_names.ts";
 * const files = new Map([["main.js", 'import("./a-J7ERC7PZ.js")'], ["a-J7ERC7PZ.js", ""]]);
 * const renamed = stableNames(files, "main.js");
 * if (renamed.get("main.js") !== 'import("./a.js")' || !renamed.has("a.js")) throw new Error();
 * ```
 */
export function stableNames(
  files: ReadonlyMap<string, string>,
  entry: string,
): Map<string, string> {
  // In the order of discovery from the entry: the loop also visits what it adds.
  const names = new Map([[entry, entry]]);
  const taken = new Set([entry]);
  for (const name of names.keys()) {
    for (const [, chunk = ""] of files.get(name)!.matchAll(/["']\.\/([\w.-]+\.js)["']/g)) {
      if (!files.has(chunk) || names.has(chunk)) continue;
      const stem = chunk.replace(/(-[A-Z0-9]{8})?\.js$/, "");
      let stable = `${stem}.js`;
      for (let n = 2; taken.has(stable); n++) stable = `${stem}-${n}.js`;
      taken.add(stable);
      names.set(chunk, stable);
    }
  }
  return new Map([...names].map(([name, stable]) => [
    stable,
    files.get(name)!.replace(
      /(["'])\.\/([\w.-]+\.js)\1/g,
      (reference, quote, chunk) => {
        const renamed = names.get(chunk);
        return renamed === undefined ? reference : `${quote}./${renamed}${quote}`;
      },
    ),
  ]));
}
