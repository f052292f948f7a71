import { serveArchive } from "../../src/demo/archive_server.ts";
import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { load } from "../../src/kinto/load.ts";
import { startKinto } from "../servers/kinto.ts";
import { type LambdaEmulatorOptions, startLambdaEmulator } from "../servers/lambda_emulator.ts";

/** Kinto's user; the password has what JSON, URLs and Basic Auth spell differently. */
export const AUTH = 'operator:correct "horse" battery';

/** How {@linkcode startUnpacked} starts the function. */
export interface UnpackedOptions extends Partial<Omit<LambdaEmulatorOptions, "bootstrap">> {
  archive: Parameters<typeof serveArchive>[0];
}

/** What lambda.zip holds, in AWS's emulator, with a real Kinto and a served archive behind it. */
export async function startUnpacked(root: string, { archive: files, ...options }: UnpackedOptions) {
  await using stack = new AsyncDisposableStack();
  const archive = stack.use(serveArchive(files));
  const kinto = stack.use(await startKinto());
  const to = { bucket: "build-hub", collection: "releases" };
  await load(new Kinto({ url: kinto.url, auth: AUTH }), await initialization(to));
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const emulator = stack.use(
    await startLambdaEmulator({
      ...options,
      bootstrap: [`${root}/bootstrap`],
      env: {
        LAMBDA_TASK_ROOT: root,
        DENO_DIR: `${folder}/deno`,
        CACHE_FOLDER: folder,
        CSV_DOWNLOAD_DIRECTORY: `${folder}/downloads`,
        SERVER_URL: kinto.url,
        ARCHIVE_URL: archive.url,
        AUTH,
        ...options.env,
      },
    }),
  );
  const parts = stack.move();
  return { emulator, kinto, archive, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** What the function logged, each line an object; the emulator's own lines are left out. */
export function logged(lines: readonly string[]): Record<string, unknown>[] {
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}
