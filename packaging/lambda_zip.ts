import { strToU8, unzipSync, type Zippable, zipSync } from "fflate";
import { reasonOf } from "../src/errors/reason_of.ts";
import { bundle } from "./bundle.ts";
import { compile, NoBaseBinary } from "./compile.ts";
import { linuxMachine } from "./linux_machine.ts";
import { DIST, PackagingError, ROOT, runTask } from "./run_deno.ts";

/** Lambda's limit for a direct upload. */
const LIMIT_BYTES = 50_000_000;

/** The earliest date of the zip format, so that every machine makes the same file. */
const MTIME = new Date(1980, 0, 1);

/** The zip format's code for Unix: Lambda then applies the file permissions. */
const UNIX = 3;

/**
 * Makes dist/lambda.zip, for a custom runtime on Amazon Linux. It contains `bootstrap`, and the
 * compiled binary or, where that can't be made, this Deno with the bundle. If DENO_BIN is set, it
 * contains that Deno with the bundle. The same sources give the same bytes.
 *
 * @returns the zip file's path
 * @throws {PackagingError} if a part is missing or not for Linux, or if the file is too large
 */
export async function lambdaZip(warn: (text: string) => void): Promise<string> {
  const bootstrap = await Deno.readFile(`${ROOT}lambda/bootstrap`);
  const parts: Zippable = {
    bootstrap: [bootstrap, { attrs: 0o755 << 16 }],
    ...await program(warn),
  };
  const sorted = Object.fromEntries(Object.entries(parts).sort(([a], [b]) => a < b ? -1 : 1));
  const zip = zipSync(sorted, { level: 6, mtime: MTIME, os: UNIX, attrs: 0o644 << 16 });
  if (zip.length > LIMIT_BYTES) {
    throw new PackagingError(`${zip.length} bytes are more than the ${LIMIT_BYTES} of an upload`);
  }
  const output = `${DIST}lambda.zip`;
  await Deno.writeFile(output, zip);
  return output;
}

async function program(warn: (text: string) => void): Promise<Zippable> {
  // DENO_BIN takes precedence: it may be for another machine than this.
  const named = Deno.env.get("DENO_BIN");
  const deno = named === undefined ? undefined : await forLinux(named);
  const files = await bundle();
  try {
    if (!deno) return { buildhub: await forLinux(await compile()) };
  } catch (error) {
    if (!(error instanceof NoBaseBinary)) throw error;
    warn(`${error.message}\nWithout it, the zip file contains Deno itself with the bundle.`);
  }
  const chunks = [...files].map(([name, source]) => [`bundle/${name}`, strToU8(source)]);
  return { deno: deno ?? await forLinux(Deno.execPath()), ...Object.fromEntries(chunks) };
}

async function forLinux(path: string): Promise<Zippable[string]> {
  const binary = await Deno.readFile(path).catch((cause) => {
    throw new PackagingError(`no program ${path}: ${reasonOf(cause)}`, { cause });
  });
  if (linuxMachine(binary) !== undefined) return [binary, { attrs: 0o755 << 16 }];
  throw new PackagingError(`${path} isn't for Linux: set DENO_BIN to a Deno that is`);
}

/** The contents of a zip file: one line per entry with its sizes in bytes, and the total. */
export function contentsOf(zip: Uint8Array): string {
  const lines: string[] = [];
  unzipSync(zip, {
    filter({ name, size, originalSize }) {
      lines.push(`${String(originalSize).padStart(9)} ${String(size).padStart(9)}  ${name}`);
      return false;
    },
  });
  return [...lines, `${"".padStart(9)} ${String(zip.length).padStart(9)}  dist/lambda.zip`]
    .join("\n");
}

if (import.meta.main) {
  await runTask(async () => {
    const path = await lambdaZip((text) => console.error(text));
    console.error(contentsOf(await Deno.readFile(path)));
  });
}
