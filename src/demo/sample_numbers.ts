/**
 * Numbers that look like those of a real archive and are the same on every machine: each comes from
 * a text by the FNV-1a hash.
 *
 * @module
 */

/** A whole number from 0 to below `end`. */
export function numberOf(text: string, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  // The low bits of FNV depend on little of the text: mix the high ones in.
  return ((hash ^ (hash >>> 15)) >>> 0) % end;
}

/** Lower-case hexadecimal digits, such as a changeset or an MD5. */
export function hexOf(text: string, length: number): string {
  let hex = "";
  for (let part = 0; hex.length < length; part++) {
    hex += numberOf(`${part}:${text}`, 2 ** 28).toString(16).padStart(7, "0");
  }
  return hex.slice(0, length);
}

/** 14 digits: when a build began, `daysLater` after the given day. */
export function buildIdOf(day: string, daysLater: number, text: string): string {
  const ms = Date.parse(`${day}T00:00:00Z`) + daysLater * 86_400_000 +
    numberOf(text, 86_400) * 1000;
  return new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14);
}
