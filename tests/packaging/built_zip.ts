import { assertEquals } from "@std/assert";
import { run } from "../servers/python.ts";
import { cleanCopy, deno } from "./clean_copy.ts";

/** What `deno task lambda.zip` made. */
export interface BuiltZip extends AsyncDisposable {
  /** The zip file. */
  path: string;
  /** What the task wrote to stderr. */
  said: string;
}

/** Builds lambda.zip from a clean copy of the sources. */
export async function buildZip(): Promise<BuiltZip> {
  const copy = await cleanCopy();
  const { code, stderr } = await deno(copy.folder, ["task", "--quiet", "lambda.zip"]);
  assertEquals(code, 0, stderr);
  return {
    path: `${copy.folder}dist/lambda.zip`,
    said: stderr,
    [Symbol.asyncDispose]: copy[Symbol.asyncDispose],
  };
}

/** Unpacks as Lambda does, with the permissions that the zip file says; prints each entry. */
const UNZIP = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    for entry in file.infolist():
        path = file.extract(entry, sys.argv[2])
        mode = entry.external_attr >> 16
        os.chmod(path, mode)
        print(oct(mode & 0o777), entry.filename)
`;

/** Unpacks a zip file. @returns its entries, such as `0o755 bootstrap` */
export async function unpack(path: string, folder: string): Promise<string[]> {
  return (await run("python3", ["-c", UNZIP, path, folder])).trim().split("\n");
}
