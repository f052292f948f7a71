import { Buffer, isUtf8 } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";

/** The principal that everyone has, anonymous readers included. */
export const EVERYONE = "system.Everyone";

/** The principal that every account has. */
export const AUTHENTICATED = "system.Authenticated";

/**
 * The accounts: names and passwords from the settings, for Basic Auth.
 *
 * As in Kinto, a request with a wrong password is anonymous: it may read what everyone may, and
 * gets 401 elsewhere.
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
   * @param lines `name:password`, one a line; the password may contain colons
   * @throws {Error} with the number of the invalid line, not its text: it may contain a password
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

  /** The user id for an Authorization header; undefined when it's missing or wrong. */
  userOf(authorization: string | undefined): string | undefined {
    const encoded = /^basic\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
    if (encoded === undefined) return undefined;
    const [, name = "", password = ""] = /^([^:]*):(.*)$/s.exec(decode(encoded)) ?? [];
    return this.has(name, password) ? `account:${name}` : undefined;
  }

  /** Whether there is an account with this name and password. */
  has(name: string, password: string): boolean {
    const expected = this.#digests.get(name);
    // Unknown names take as long as known ones.
    const matches = timingSafeEqual(digest(password), expected ?? digest(""));
    return matches && expected !== undefined;
  }
}

/** The principals of a user. @param user undefined for anonymous */
export function principalsOf(user: string | undefined): string[] {
  return user === undefined ? [EVERYONE] : [user, AUTHENTICATED, EVERYONE];
}

function digest(password: string): Uint8Array {
  return createHash("sha256").update(password).digest();
}

/** Base64 of UTF-8, or of Latin-1 as older clients send it. */
function decode(encoded: string): string {
  const bytes = Buffer.from(encoded, "base64");
  return bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");
}
