/**
 * Numbers that look like those of a real archive and are the same on every machine: FNV-1a hashes
 * of a text.
 *
 * @module
 */

/** A whole number from 0 to below `end`. */
export function numberOf(text: string, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  // The low bits of FNV depend on few bits of the text: mix in the high ones.
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

/** A build id of 14 digits, `daysLater` days after the given day. */
export function buildIdOf(day: string, daysLater: number, text: string): string {
  const ms = Date.parse(`${day}T00:00:00Z`) + daysLater * 86_400_000 +
    numberOf(text, 86_400) * 1000;
  return new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14);
}
