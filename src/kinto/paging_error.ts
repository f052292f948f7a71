import { BuildhubError } from "../errors/buildhub_error.ts";

/** A list whose pages don't come to an end. */
export class PagingError extends BuildhubError {
  override name = "PagingError";

  /** @param url of the list @param reason which page led nowhere */
  constructor(readonly url: string, readonly reason: string) {
    super(`Cannot read ${url}: ${reason}`);
  }
}
