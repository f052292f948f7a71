import { BuildhubError } from "./buildhub_error.ts";

/** An answer that asks for another attempt though its status is fine, such as a batch's part. */
export class TryAgain extends BuildhubError {
  override name = "TryAgain";

  constructor(message: string, /** How long the server asks to wait. */ readonly waitMs?: number) {
    super(message);
  }
}
