import { BuildhubError } from "./buildhub_error.ts";

/** An input that ends too early, such as a gzip file that was cut off. */
export class TruncatedInput extends BuildhubError {
  override name = "TruncatedInput";
}
