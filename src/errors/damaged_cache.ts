import { BuildhubError } from "./buildhub_error.ts";

/** A cache file that doesn't contain what was written, such as by a wrong checksum. */
export class DamagedCache extends BuildhubError {
  override name = "DamagedCache";
}

/** Whether an error is a {@linkcode DamagedCache}. */
export function isDamagedCache(error: unknown): error is DamagedCache {
  return error instanceof DamagedCache;
}
