import { BuildhubError } from "./buildhub_error.ts";

/** An input of which nothing can be read, such as one of another format. */
export class UnreadableInput extends BuildhubError {
  override name = "UnreadableInput";
}
