import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  INVENTORY_BUCKET,
  inventoryPrefix,
  PUBLIC_PREFIX,
} from "../../src/inventory/inventories.ts";
import { startProcess } from "./process.ts";
import { python, PYTHON_PACKAGES } from "./python.ts";

/** A real S3 API, without Amazon. */
export interface Moto extends AsyncDisposable {
  /** For AWS_ENDPOINT_URL_S3, with S3_FORCE_PATH_STYLE. */
  url: string;
  /** Each request, as moto logs it. */
  logs: string[];
  /** Stores an object that anyone may read; makes the bucket. @returns its MD5 */
  put(key: string, body: Uint8Array<ArrayBuffer> | string, bucket?: string): Promise<string>;
  /** Removes an object. */
  remove(key: string): Promise<void>;
  /** Stores an inventory as ARCHIVE's inventories are laid out. @returns the pieces' keys */
  putInventory(inventory: SampleInventory): Promise<string[]>;
}

/** An inventory of one day. */
export interface SampleInventory {
  /** `firefox`, `archive`. */
  name: string;
  /** The dated folder. @default {"2017-07-01T03-09Z"} */
  date?: string;
  /** The CSV text of each piece, or bytes that are stored as they are. */
  pieces: (string | Uint8Array<ArrayBuffer>)[];
  /** Changes the manifest before it's stored, or gives other text instead. */
  manifest?: (manifest: SampleManifest) => unknown;
}

/** What Amazon S3 Inventory writes beside its pieces. */
export interface SampleManifest {
  sourceBucket: string;
  destinationBucket: string;
  version: string;
  fileFormat: string;
  fileSchema: string;
  files: { key: string; size: number; MD5checksum: string }[];
}

/** Starts moto's server from PyPI on a free port, empty. */
export async function startMoto(): Promise<Moto> {
  const bin = await python("moto", PYTHON_PACKAGES.moto);
  const [server, match] = await startProcess(`${bin}moto_server`, {
    args: ["-H", "127.0.0.1", "-p", "0"],
    ready: /Running on (http:\/\/127\.0\.0\.1:\d+)/,
  });
  const url = match[1] ?? "";
  const buckets = new Set<string>();
  const send = async (method: string, path: string, body?: BodyInit) => {
    const headers = { "x-amz-acl": "public-read", "content-type": "application/octet-stream" };
    const response = await fetch(`${url}/${path}`, { method, body, headers });
    if (!response.ok) throw new Error(`moto: ${method} ${path}: ${await response.text()}`);
    await response.body?.cancel();
  };
  const put: Moto["put"] = async (key, body, bucket = INVENTORY_BUCKET) => {
    if (!buckets.has(bucket)) await send("PUT", bucket);
    buckets.add(bucket);
    await send("PUT", `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`, body);
    return createHash("md5").update(body).digest("hex");
  };
  return {
    url,
    logs: server.logs,
    put,
    remove: (key) => send("DELETE", `${INVENTORY_BUCKET}/${key}`),
    async putInventory({ name, date = "2017-07-01T03-09Z", pieces, manifest = (same) => same }) {
      const prefix = inventoryPrefix(name);
      const files: SampleManifest["files"] = [];
      for (const [index, piece] of pieces.entries()) {
        const body = typeof piece === "string" ? new Uint8Array(gzipSync(piece)) : piece;
        const key = `${prefix}data/${date}-${index}.csv.gz`;
        const MD5checksum = await put(key, body);
        files.push({ key: key.slice(PUBLIC_PREFIX.length), size: body.length, MD5checksum });
      }
      const content = manifest({
        sourceBucket: `net-mozaws-prod-delivery-${name}`,
        destinationBucket: `arn:aws:s3:::${INVENTORY_BUCKET}`,
        version: "2016-11-30",
        fileFormat: "CSV",
        fileSchema: "Bucket, Key, Size, LastModifiedDate, ETag",
        files,
      });
      if (content !== undefined) {
        const text = typeof content === "string" ? content : JSON.stringify(content);
        await put(`${prefix}${date}/manifest.json`, text);
      }
      // Each folder has a checksum beside its manifest, and what Hive reads is elsewhere.
      await put(`${prefix}${date}/manifest.checksum`, "");
      await put(`${prefix}hive/dt=${date.slice(0, 13)}-00/symlink.txt`, "");
      return files.map(({ key }) => `${PUBLIC_PREFIX}${key}`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
