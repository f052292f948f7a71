/** A size rounded to whole KiB or MiB, as the archive's listings give sizes from 1,024 bytes on. */
export type RoundedSize = `${number}${"K" | "M"}`;

/** A file's size as a listing or an inventory gives it: bytes, or text such as `"68M"`. */
export type ListedSize = number | RoundedSize;

const UNIT_BYTES = { K: 1024, M: 1024 ** 2 };

/** Whether a size is given in bytes, to the byte. */
export function isExactSize(size: ListedSize): size is number {
  return typeof size === "number";
}

/** Whether a text is a rounded size. The archive's lister may write `1024K`, but never `1025K`. */
export function isRoundedSize(text: string): text is RoundedSize {
  return /^\d{1,9}[KM]$/.test(text);
}

/**
 * The size of a JSON listing's file.
 *
 * @returns undefined for what isn't a size
 */
export function listedSizeFrom(value: unknown): ListedSize | undefined {
  if (typeof value === "string") return isRoundedSize(value) ? value : undefined;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/**
 * The bytes of a size, rounded ones as they're rounded.
 *
 * @example
 * ```ts
 * import { bytesOf } from "./listed_size.ts";
 * if (bytesOf(71_000_000) !== 71_000_000 || bytesOf("68M") !== 71_303_168) throw new Error();
 * ```
 */
export function bytesOf(size: ListedSize): number {
  if (isExactSize(size)) return size;
  return Number(size.slice(0, -1)) * UNIT_BYTES[size.at(-1) as "K" | "M"];
}

/**
 * A size as the archive's lister gives it: a number below 1,024, then text in whole KiB and MiB,
 * with halves rounded to even.
 *
 * @example
 * ```ts
 * import { listedSize } from "./listed_size.ts";
 * const sizes = [1023, 1024, 2560, 1_048_575, 71_303_168].map(listedSize);
 * if (sizes.join() !== "1023,1K,2K,1024K,68M") throw new Error(sizes.join());
 * ```
 */
export function listedSize(sizeBytes: number): ListedSize {
  if (sizeBytes < UNIT_BYTES.K) return sizeBytes;
  const unit = sizeBytes < UNIT_BYTES.M ? "K" : "M";
  return `${roundHalfEven(sizeBytes / UNIT_BYTES[unit])}${unit}`;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
