/** The folder of a path, with its slash. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** The name of the file at this path, in lower case and with dashes for spaces. */
export function dashedName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replaceAll(" ", "-").toLowerCase();
}
