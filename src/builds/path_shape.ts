import { PLATFORM_NAME } from "./platforms.ts";

/**
 * What paths of one kind have in common: what differs from version to version, from day to day and
 * from locale to locale is a star.
 *
 * @param path with or without `pub/`
 *
 * @example
 * ```ts
 * import { pathShape } from "./path_shape.ts";
 * const shape = pathShape("pub/firefox/releases/150.0/linux-riscv64/fr/firefox-150.0.tar.zst");
 * if (shape !== "firefox/releases/*\/linux-riscv64/*\/*.tar.zst") throw new Error(shape);
 * ```
 */
export function pathShape(path: string): string {
  const segments = path.replace(/^pub\//, "").split("/");
  const name = segments.pop()!;
  const extension = /(\.tar)?\.(?!\d+$)[a-z0-9]{1,16}$/i.exec(name)?.[0].toLowerCase() ?? "";
  return [...segments.map(folderShape), `*${extension}`].join("/");
}

const LOCALE = /^([a-z]{2,3}(-[a-z]{2,8})*|multi)$/i;

function folderShape(folder: string): string {
  if (PLATFORM_NAME.test(folder)) return folder;
  if (LOCALE.test(folder)) return "*";
  return folder
    // A date or a version, with whatever is part of it: 2017-05-15-10-02-38, 52.0b6, 10.0.12esr.
    .replace(/^\d[\w.]*?(-\d[\w.]*)*(?=-[a-z]|$)/i, "*")
    .replace(/(?<=^(build|funnelcake|v))\d+/i, "*")
    .replace(/[0-9a-f]{12,}|\d{4,}/gi, "*");
}
