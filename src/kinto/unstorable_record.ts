import { BuildhubError } from "../errors/buildhub_error.ts";

/** A record that Kinto couldn't store; it wasn't sent. */
export class UnstorableRecord extends BuildhubError {
  override name = "UnstorableRecord";

  /** @param id of the record @param reason the member, and what is wrong with it */
  constructor(readonly id: string, readonly reason: string) {
    super(`Refused ${id}: ${reason}`);
  }
}
