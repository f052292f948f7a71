import { createHash, timingSafeEqual } from "node:crypto";

/** The principal that everyone has, anonymous readers included. */
export const EVERYONE = "system.Everyone";

/** The principal that every account has. */
export const AUTHENTICATED = "system.Authenticated";

/**
 * Who may log in: names and passwords from the settings, by Basic Auth.
 *
 * As in Kinto, a wrong password isn't an error of its own: the request is anonymous, may read what
 * everyone may, and gets 401 elsewhere.
 *
 * @example
 * ```ts
 * import { Accounts } from "./accounts.ts";
 * const accounts = new Accounts("ops:a:b\nrobot:secret");
 * if (accounts.userOf(`Basic ${btoa("ops:a:b")}`) !== "account:ops") throw new Error();
 * if (accounts.userOf(`Basic ${btoa("ops:a")}`) !== undefined) throw new Error();
 * ```
 */
export class Accounts {
  readonly #digests = new Map<string, Uint8Array>();

  /**
   * @param lines `name:password`, one a line; the password may hold colons
   * @throws {Error} naming the line that is no account, by number: it may hold a password
   */
  constructor(lines: string) {
    for (const [index, line] of lines.split(/\r?\n/).entries()) {
      if (line.trim() === "") continue;
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).trim();
      if (colon < 1 || name === "" || colon === line.length - 1) {
        throw new Error(`line ${index + 1} is not of the form user:password`);
      }
      if (this.#digests.has(name)) throw new Error(`line ${index + 1}: ${name} is there twice`);
      this.#digests.set(name, digest(line.slice(colon + 1)));
    }
  }

  /** The user id for this Authorization header; undefined when it proves nobody. */
  userOf(authorization: string | undefined): string | undefined {
    const encoded = /^basic\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
    if (encoded === undefined) return undefined;
    const text = decode(encoded);
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(0, colon));
    const expected = this.#digests.get(name);
    // Unknown names take as long as known ones.
    const matches = timingSafeEqual(digest(text.slice(colon + 1)), expected ?? digest(""));
    return matches && expected !== undefined ? `account:${name}` : undefined;
  }

  /** Whether someone may log in with this name and password. */
  has(name: string, password: string): boolean {
    const expected = this.#digests.get(name);
    return expected !== undefined && timingSafeEqual(expected, digest(password));
  }
}

/** What a user is: itself, and what everybody is. */
export function principalsOf(user: string | undefined): string[] {
  return user === undefined ? [EVERYONE] : [user, AUTHENTICATED, EVERYONE];
}

function digest(password: string): Uint8Array {
  return createHash("sha256").update(password).digest();
}

/** Base64 of UTF-8, or of Latin-1 as older clients send it; "" when it's neither. */
function decode(encoded: string): string {
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return atob(encoded);
    }
  } catch {
    return "";
  }
}
