import { type Browser, chromium } from "playwright-core";

/** Where Debian and others put it. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser that asks nobody anything by itself. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts a headless Chromium: that of CHROMIUM, or of this machine. On Debian, as root, it is
 * installed when it is missing.
 *
 * @throws {Error} saying how to get one
 */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  const executablePath = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

async function findBrowser(): Promise<string> {
  const named = Deno.env.get("CHROMIUM");
  if (named !== undefined) return named;
  const found = PLACES.find(exists);
  if (found !== undefined) return found;
  if (Deno.uid() === 0 && exists("/usr/bin/apt-get")) {
    await run("apt-get", ["update", "-qq"]);
    await run("apt-get", ["install", "-yqq", "chromium"]);
    const installed = PLACES.find(exists);
    if (installed !== undefined) return installed;
  }
  throw new Error(
    "There is no Chromium. Install one (Debian: apt-get install chromium), or set CHROMIUM to the " +
      "path of one, or of Chrome.",
  );
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function run(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${program} failed:\n${new TextDecoder().decode(stderr)}`);
}
