/**
 * Serves the listings of a made-up archive until it's killed; prints its URL. Arguments: how many
 * versions, each with 5 platforms and 99 locales, and how late an answer is, in milliseconds.
 */
const [versions, latencyMs] = Deno.args.map(Number) as [number, number];
const PLATFORMS = ["linux-i686/", "linux-x86_64/", "mac/", "win32/", "win64/"];
const LOCALES = Array.from({ length: 99 }, (_, index) => {
  const letter = (number: number) => String.fromCharCode(97 + number % 26);
  return `${letter(index / 26)}${letter(index)}/`;
});
const NOISE = ["source/", "update/", "contrib/"];

function listing(path: string): unknown {
  const [, , , , version, platform, locale] = path.split("/");
  if (path === "/pub/firefox/") return { prefixes: ["releases/"], files: [] };
  if (path === "/pub/firefox/releases/") {
    const prefixes = Array.from({ length: versions }, (_, index) => `${index + 1}.0/`);
    return { prefixes, files: [] };
  }
  if (version && !platform) return { prefixes: [...PLATFORMS, ...NOISE], files: [] };
  if (platform && !locale) return { prefixes: LOCALES, files: [] };
  const file = { size: 50_000_000, last_modified: "2017-06-02T12:20:10Z" };
  const name = `firefox-${version}.tar.bz2`;
  return { prefixes: [], files: [{ name, ...file }, { name: `${name}.asc`, ...file }] };
}

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/`),
}, async (request) => {
  const body = JSON.stringify(listing(new URL(request.url).pathname));
  if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  return new Response(body, { headers: { "content-type": "application/json" } });
});
