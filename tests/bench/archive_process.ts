/** Serves the archive of a `.jsonl` file until it's killed; prints its URL, then on each line of stdin its counts. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { serveArchive } from "../../src/demo/archive_server.ts";

const [path] = Deno.args;
const files = Deno.readTextFileSync(path!).trim().split("\n").map((line) => JSON.parse(line));
const archive = serveArchive({ files });
console.log(archive.url);
for await (
  const _ of Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TextLineStream(),
  )
) {
  const requests = [...archive.requests.values()].reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify({ requests, distinct: archive.requests.size }));
  archive.requests.clear();
}
