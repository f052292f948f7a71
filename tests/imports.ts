const ROOT = new URL("../", import.meta.url);

/**
 * Every TypeScript file of these files and folders with the files of the project that it imports,
 * all as paths from the project's root.
 */
export async function importsOf(...paths: string[]): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>();
  for (const path of paths) {
    for await (const file of filesOf(path)) all.set(file, await importedBy(file));
  }
  return all;
}

/** The one of these files and folders that a file is, or is in. */
export function roomOf(file: string, rooms: readonly string[]): string | undefined {
  return rooms.find((room) => file === room || file.startsWith(`${room}/`));
}

async function* filesOf(path: string): AsyncGenerator<string> {
  if (/\.tsx?$/.test(path)) return yield path;
  if (!(await Deno.stat(new URL(path, ROOT))).isDirectory) return;
  for await (const { name } of Deno.readDir(new URL(path, ROOT))) yield* filesOf(`${path}/${name}`);
}

/** Read without comments: examples in docstrings import their own file. */
async function importedBy(file: string): Promise<string[]> {
  const url = new URL(file, ROOT);
  const code = (await Deno.readTextFile(url)).replace(/^ *(\*|\/\/).*$/gm, "");
  const specifiers = code.matchAll(/(?:\bfrom|\bimport\(|^import)\s*"(\.[^"]+)"/gm);
  return [...specifiers].map(([, path = ""]) =>
    new URL(path, url).pathname.slice(ROOT.pathname.length)
  );
}
