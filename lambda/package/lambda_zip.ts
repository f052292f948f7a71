import { unzipSync, type Zippable, zipSync } from "fflate";
import { BUNDLE, bundle } from "./bundle.ts";
import { compile, NoBaseBinary } from "./compile.ts";
import { DIST, PackagingError, ROOT, runTask } from "./run_deno.ts";

/** What Lambda takes as a direct upload. */
const LIMIT_BYTES = 50_000_000;

/** The first day that a zip file can name: the same on every machine. */
const MTIME = new Date(1980, 0, 1);

/** Unix, as the system that made the file: Lambda then heeds the permissions. */
const UNIX = 3;

/** `e_machine` of an ELF file's header: what it runs on. */
const MACHINES: Record<number, string> = { 0x3e: "x86_64", 0xb7: "aarch64" };

/**
 * dist/lambda.zip, for a custom runtime on Amazon Linux: `bootstrap`, and the compiled binary or,
 * where that can't be made, Deno itself (this one, or that which DENO_BIN names) with the bundle.
 * The same sources give the same bytes.
 *
 * @returns the zip file's path
 * @throws {PackagingError} when a part is missing, not for Linux, or the file is too large
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
  const executable = { attrs: 0o755 << 16 };
  try {
    const binary = await Deno.readFile(await compile());
    assertLinux(binary, "dist/buildhub");
    return { buildhub: [binary, executable] };
  } catch (error) {
    if (!(error instanceof NoBaseBinary)) throw error;
    warn(`${error.message}\nWithout it, the zip file holds Deno itself with the bundle.`);
  }
  const path = Deno.env.get("DENO_BIN") ?? Deno.execPath();
  const deno = await Deno.readFile(path);
  assertLinux(deno, path);
  const files = [...(await bundle()).keys()];
  const chunks = await Promise.all(
    files.map(async (name) => [`bundle/${name}`, await Deno.readFile(BUNDLE + name)] as const),
  );
  return { deno: [deno, executable], ...Object.fromEntries(chunks) };
}

function assertLinux(binary: Uint8Array, path: string): void {
  const isElf = new TextDecoder().decode(binary.subarray(1, 4)) === "ELF";
  const machine = new DataView(binary.buffer, binary.byteOffset).getUint16(18, true);
  if (isElf && machine in MACHINES) return;
  throw new PackagingError(`${path} isn't for Linux: set DENO_BIN to a Deno that is`);
}

/** What is in a zip file, one line an entry, as it was read back. */
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
