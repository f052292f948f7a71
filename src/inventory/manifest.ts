import { BuildhubError } from "../errors/buildhub_error.ts";

/** One file of an inventory: gzipped CSV. */
export interface Piece {
  /** The object's key in the inventories' bucket, `public/` included. */
  key: string;
  /** Of the object, as it is: compressed. */
  sizeBytes: number;
  /** Of the object: 32 hexadecimal digits, lower case. */
  md5: string;
}

/** A `manifest.json` of another shape; the message says what is wrong with it. */
export class ManifestError extends BuildhubError {
  override name = "ManifestError";
}

/** Whether an error is a {@linkcode ManifestError}. */
export function isManifestError(error: unknown): error is ManifestError {
  return error instanceof ManifestError;
}

/**
 * The pieces in an S3 Inventory's manifest, in its order.
 *
 * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 *
 * @param prefix put before every key: the inventory is a copy in a public folder
 * @throws {ManifestError} when it has another shape, or a key leads out of its folder
 *
 * @example
 * ```ts
 * import { piecesOf } from "./manifest.ts";
 * const file = { key: "data/1.csv.gz", size: 9, MD5checksum: "0123456789abcdef0123456789ABCDEF" };
 * const [piece] = piecesOf({ fileFormat: "CSV", files: [file] }, "public/");
 * if (piece?.key !== "public/data/1.csv.gz") throw new Error();
 * ```
 */
export function piecesOf(manifest: unknown, prefix: string): Piece[] {
  const { files, fileFormat, fileSchema } = objectOf(manifest, "it");
  if (fileFormat !== undefined && fileFormat !== "CSV") {
    throw new ManifestError(`fileFormat is ${show(fileFormat)}, not "CSV"`);
  }
  if (fileSchema !== undefined && !/^Bucket, *Key, *Size, *LastModified/.test(String(fileSchema))) {
    throw new ManifestError(
      `fileSchema is ${show(fileSchema)}, not "Bucket, Key, Size, LastModifiedDate, …"`,
    );
  }
  if (!Array.isArray(files)) throw new ManifestError(`files is ${show(files)}, not a list`);
  if (files.length === 0) throw new ManifestError("files is empty");
  const keys = new Set<string>();
  return files.map((file, index) => {
    const name = `files[${index}]`;
    const { key, size, MD5checksum } = objectOf(file, name);
    if (typeof key !== "string" || !key.split("/").every(isPlainSegment)) {
      throw new ManifestError(`${name}.key is ${show(key)}, not the key of an object`);
    }
    if (keys.has(key)) throw new ManifestError(`${name}.key is ${show(key)} a second time`);
    keys.add(key);
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
      throw new ManifestError(`${name}.size is ${show(size)}, not a number of bytes`);
    }
    if (typeof MD5checksum !== "string" || !/^[0-9a-f]{32}$/i.test(MD5checksum)) {
      throw new ManifestError(
        `${name}.MD5checksum is ${show(MD5checksum)}, not 32 hexadecimal digits`,
      );
    }
    return { key: `${prefix}${key}`, sizeBytes: size, md5: MD5checksum.toLowerCase() };
  });
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ManifestError(`${name} is ${show(value)}, not an object`);
  }
  return value as Record<string, unknown>;
}

/** Whether a URL keeps it unchanged: `.`, `..` and an empty segment would lead elsewhere. */
function isPlainSegment(segment: string): boolean {
  return segment !== "" && segment !== "." && segment !== ".." && !/[\\\p{Cc}]/u.test(segment);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
