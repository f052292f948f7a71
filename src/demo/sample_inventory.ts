import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { INVENTORY_BUCKET } from "../inventory/inventories.ts";
import type { ArchiveFile } from "./archive_tree.ts";
import { hexOf } from "./sample_numbers.ts";

/** The folder of the latest inventory: its date and time. */
const LATEST = "2025-07-02T01-00Z";

/** Rows per piece: few, so that there are several pieces. */
const ROWS_PER_PIECE = 400;

/**
 * The S3 inventories `firefox` and `archive` of an archive, by key: manifests, CSV pieces, and the
 * files beside them. Unlike Mozilla's since April 2024, they also list new installers, so that one
 * source lists everything.
 */
export function sampleInventory(files: readonly ArchiveFile[]): Map<string, Uint8Array> {
  const isFirefox = ({ path }: ArchiveFile) => path.startsWith("pub/firefox/");
  return new Map([
    ...objectsOf("firefox", files.filter(isFirefox)),
    ...objectsOf("archive", files.filter((file) => !isFirefox(file))),
  ]);
}

function rootOf(name: string): string {
  return `inventories/net-mozaws-prod-delivery-${name}/delivery-${name}/`;
}

function objectsOf(name: string, files: ArchiveFile[]): [string, Uint8Array][] {
  const encode = (text: string) => new TextEncoder().encode(text);
  const bucket = `net-mozaws-prod-delivery-${name}`;
  const root = rootOf(name);
  const objects: [string, Uint8Array][] = [];
  const manifest = (date: string, rows: ArchiveFile[]) => {
    const pieces = [];
    for (let start = 0; start < rows.length; start += ROWS_PER_PIECE) {
      const lines = rows.slice(start, start + ROWS_PER_PIECE).map((file) => row(bucket, file));
      const body = gzipSync(lines.join(""));
      const MD5checksum = createHash("md5").update(body).digest("hex");
      const key = `${root}data/${hexOf(`${date} ${start} ${name}`, 32)}.csv.gz`;
      objects.push([`public/${key}`, body]);
      pieces.push({ key, size: body.length, MD5checksum });
    }
    const content = JSON.stringify(
      {
        sourceBucket: bucket,
        destinationBucket: `arn:aws:s3:::${INVENTORY_BUCKET}`,
        version: "2016-11-30",
        fileFormat: "CSV",
        fileSchema: "Bucket, Key, Size, LastModifiedDate, ETag",
        files: pieces,
      },
      undefined,
      2,
    );
    const checksum = createHash("md5").update(content).digest("hex");
    objects.push([`public/${root}${date}/manifest.json`, encode(content)]);
    objects.push([`public/${root}${date}/manifest.checksum`, encode(checksum)]);
    const list = pieces.map(({ key }) => `s3://${INVENTORY_BUCKET}/${key}`).join("\n");
    objects.push([`public/${root}hive/dt=${date.slice(0, 10)}-01-00/symlink.txt`, encode(list)]);
  };
  manifest("2025-06-25T01-00Z", files.slice(0, 10));
  manifest(LATEST, files);
  return objects;
}

/** One line of CSV, quoted, with keys and sizes encoded as S3 does. */
function row(bucket: string, { path, size, last_modified }: ArchiveFile): string {
  const key = encodeURIComponent(path)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+")
    .replace(/[()]/g, (character) => character === "(" ? "%28" : "%29");
  const bytes = size % 1e6 === 0 ? size.toExponential().toUpperCase() : String(size);
  const date = last_modified.replace("Z", ".000Z");
  return `"${bucket}","${key}","${bytes}","${date}","${hexOf(path, 32)}"\n`;
}
