import { explain, type Explanation } from "../builds/explain.ts";
import { outputLines } from "../reporting/output_lines.ts";
import { defineCommand } from "./command.ts";

/** `explain`: what each URL is, and the rule that decided; without any request. */
export const command = defineCommand({
  summary: "say what a URL of the archive is, and which rule decides",
  operands: "[URL…]",
  description:
    `Takes URLs, with http:// or https://, paths such as /pub/firefox/…, and the keys of inventories,
in which a space is a +. Prints for each, or for each line of stdin, what it is and the rule that
decided; for a build also the record that the URL alone gives and where its metadata would be. It
makes no requests.
A file that no rule knows is shown as ignored, with that reason.`,
  example: "buildhub explain pub/firefox/releases/52.0/win32/fr/Firefox+Setup+52.0.exe",
  settings: ["archiveUrl"],
  flags: [{ name: "json", help: "one JSON object per line" }],
  async run({ config, operands, flags, stdin, stdout, signal }) {
    const print = flags.json ? JSON.stringify : forPeople;
    const text = operands.length > 0
      ? ReadableStream.from([operands.join("\n")])
      : stdin.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
    await text
      .pipeThrough(eachLine((url) => print(explain(url, config.archiveUrl))))
      .pipeTo(outputLines(stdout), { signal });
    return 0;
  },
});

/** Text → the output for its lines, one string per chunk: a stream of single lines is slow. */
function eachLine(say: (line: string) => string): TransformStream<string, string> {
  let rest = "";
  const enqueue = (lines: string[], controller: TransformStreamDefaultController<string>) => {
    const said = lines.map((line) => line.trim()).filter((line) => line !== "").map(say);
    if (said.length > 0) controller.enqueue(said.join("\n"));
  };
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      enqueue(lines, controller);
    },
    flush: (controller) => enqueue([rest], controller),
  });
}

function forPeople({ url, kind, reason, record, metadataUrl }: Explanation): string {
  const lines = [url, `  ${kind}: ${reason}`];
  if (record) {
    const { platform, locale, version, channel } = record.target;
    lines.push(
      `  id        ${record.id}`,
      `  product   ${record.source.product} ${version}, channel ${channel}`,
      `  target    ${platform}, ${locale}`,
      `  metadata  ${metadataUrl}`,
    );
  }
  return lines.join("\n");
}
