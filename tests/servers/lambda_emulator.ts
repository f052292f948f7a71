import { startProcess } from "./process.ts";
import { python, PYTHON_PACKAGES, run } from "./python.ts";

/** AWS's own emulator of Lambda, with one function in it. */
export interface LambdaEmulator extends AsyncDisposable {
  /** What the emulator and the function wrote, the oldest line first. */
  logs: string[];
  /** Sends an event, and waits for the function's answer: what the JSON says, or the text. */
  invoke(event: unknown): Promise<unknown>;
  /** The same with a body that may be no JSON. */
  send(body: string): Promise<unknown>;
}

/** How the function is started. */
export interface LambdaEmulatorOptions {
  /** The program of a custom runtime, and its arguments. */
  bootstrap: string[];
  /** @default {"lambda_s3_event.lambda_handler"} */
  handler?: string;
  env?: Record<string, string>;
  /** @default {30} */
  timeoutSeconds?: number;
}

/** Runs a function in the Lambda Runtime Interface Emulator, which comes with aws-sam-cli. */
export async function startLambdaEmulator(options: LambdaEmulatorOptions): Promise<LambdaEmulator> {
  const { bootstrap, handler = "lambda_s3_event.lambda_handler", env, timeoutSeconds = 30 } =
    options;
  const bin = await python("sam-cli", PYTHON_PACKAGES.samCli);
  const code = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const packages = (await run(`${bin}python`, ["-c", code])).trim();
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "x86_64";
  const emulator = `${packages}/samcli/local/rapid/aws-lambda-rie-${arch}`;
  await Deno.chmod(emulator, 0o755);
  const [address, api] = [freeAddress(), freeAddress()];
  const [server] = await startProcess(emulator, {
    args: [
      "--runtime-interface-emulator-address",
      address,
      "--runtime-api-address",
      api,
      ...bootstrap,
    ],
    env: {
      ...env,
      _HANDLER: handler,
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
      AWS_LAMBDA_FUNCTION_NAME: "buildhub",
    },
    ready: /exec '.*' \(cwd=/,
  });
  await listening(address);
  const send = async (body: string) => {
    const url = `http://${address}/2015-03-31/functions/function/invocations`;
    const text = await (await fetch(url, { method: "POST", body })).text();
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };
  return {
    logs: server.logs,
    invoke: (event) => send(JSON.stringify(event)),
    send,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The emulator doesn't say which port it took, so it's told one that was free a moment ago. */
function freeAddress(): string {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return `127.0.0.1:${listener.addr.port}`;
}

/** It writes that it starts a little before it takes connections. */
async function listening(address: string): Promise<void> {
  const [hostname, port] = address.split(":") as [string, string];
  for (;;) {
    try {
      return (await Deno.connect({ hostname, port: Number(port) })).close();
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
