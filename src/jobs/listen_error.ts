import { reasonOf } from "../errors/reason_of.ts";
import { UsageError } from "../errors/usage_error.ts";

/** What to do where an address can't be listened on, by the error of the platform. */
const ADVICE: readonly [kind: new (message: string) => Error, advice: string][] = [
  [Deno.errors.AddrInUse, "another program uses this port; choose one with --port or SERVE_PORT"],
  [
    Deno.errors.PermissionDenied,
    "ports below 1024 need root; choose another one with --port or SERVE_PORT",
  ],
  [
    Deno.errors.AddrNotAvailable,
    "this machine doesn't have the address; choose another one with --host or SERVE_HOST",
  ],
];

/** The error for an address that can't be listened on; any other error unchanged. */
export function listenError(error: unknown, hostname: string, port: number): unknown {
  const [, advice] = ADVICE.find(([kind]) => error instanceof kind) ??
    (/lookup address/.test(reasonOf(error)) ? [, "no host has this name; see --host"] : []);
  if (advice === undefined) return error;
  return new UsageError(`Cannot listen on ${hostname}:${port}: ${advice}`);
}
