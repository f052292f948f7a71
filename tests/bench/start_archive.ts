import { TextLineStream } from "@std/streams/text-line-stream";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";

/** The archive of these files in a process of its own: it isn't what is measured. */
export async function startArchive(tree: string, files: readonly ArchiveFile[]) {
  await Deno.writeTextFile(tree, files.map((file) => JSON.stringify(file)).join("\n"));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-check",
      new URL("archive_process.ts", import.meta.url).pathname,
      tree,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const url = (await lines.read()).value!;
  const stdin = child.stdin.getWriter();
  return {
    url,
    async counts() {
      await stdin.write(new TextEncoder().encode("\n"));
      const { requests, distinct } = JSON.parse((await lines.read()).value!);
      return `the archive saw ${requests} requests for ${distinct} documents and folders`;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await stdin.close().catch(() => {});
      await lines.cancel();
      await child.status;
    },
  };
}
