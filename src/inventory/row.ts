import { parse } from "@std/csv/parse";
import { pathOfKey } from "../builds/archive_url.ts";
import { isRoundedSize, type ListedSize } from "../builds/listed_size.ts";
import { wholeSeconds } from "../builds/whole_seconds.ts";
import { reasonOf } from "../errors/reason_of.ts";

/** One object of the archive's bucket, as an inventory lists it. */
export interface InventoryRow {
  /** Its place in the archive, decoded: `pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe`. */
  path: string;
  /** Bytes, or as rounded as the archive's listings have it. */
  size: ListedSize;
  /** UTC, whole seconds: `2017-06-02T12:20:10Z`. */
  lastModified: string;
}

/** The columns of an inventory: Bucket, Key, Size, LastModifiedDate, md5; more may follow. */
const COLUMNS = 5;

/**
 * The fields of one line.
 *
 * @throws {Error} saying what is wrong with the line
 */
export function fieldsOf(line: string): string[] {
  const fields = parsed(line);
  if (fields.length < COLUMNS) throw new Error(`only ${fields.length} of ${COLUMNS} columns`);
  return fields;
}

function parsed(line: string): string[] {
  try {
    return parse(line)[0] ?? [];
  } catch (cause) {
    // The parser gets one line at a time, and calls each "line 1".
    const reason = reasonOf(cause).replace(/^.*column (\d+):/, "at column $1:");
    throw new Error(`not CSV ${reason}`, { cause });
  }
}

/**
 * The row that these fields make.
 *
 * @param path the decoded key, if known
 * @throws {Error} naming the field that can't be read
 */
export function rowFrom(fields: readonly string[], path?: string): InventoryRow {
  const [, key = "", size = "", date = ""] = fields;
  const listed = sizeFrom(size);
  const lastModified = wholeSeconds(date);
  if (lastModified === undefined) throw new Error(`unreadable date ${JSON.stringify(date)}`);
  return { path: path ?? pathOfKey(key), size: listed, lastModified };
}

function sizeFrom(text: string): ListedSize {
  if (isRoundedSize(text)) return text;
  // Amazon writes large numbers like 2E+10.
  const bytes = /^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) ? Math.trunc(Number(text)) : NaN;
  if (!Number.isSafeInteger(bytes)) throw new Error(`unreadable size ${JSON.stringify(text)}`);
  return bytes;
}
