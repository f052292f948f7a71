/**
 * Serves the listings of an archive of the real one's shape, as its lister does, until it's killed.
 * Arguments: how many builds, roughly, and how late an answer is, in milliseconds. It prints its URL
 * and the number of builds, then for each line of stdin how many requests there were since the last.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { listFolder } from "../../src/demo/archive_lister.ts";
import { ArchiveShape } from "./archive_shape.ts";

const [builds, latencyMs] = Deno.args.map(Number) as [number, number];
const shape = new ArchiveShape(builds);
let requests = 0;

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/ ${shape.buildCount}`),
}, async (request) => {
  requests++;
  if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  return listFolder(shape, decodeURIComponent(new URL(request.url).pathname.slice(1)), request);
});

const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const _ of lines) {
  console.log(requests);
  requests = 0;
}
