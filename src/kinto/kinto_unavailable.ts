import { BuildhubError } from "../errors/buildhub_error.ts";

/** Kinto takes no requests at all, whatever they hold: nothing more is sent. */
export class KintoUnavailable extends BuildhubError {
  override name = "KintoUnavailable";

  /** @param url of the server, with its version @param reason what was sent, and what came back */
  constructor(readonly url: string, readonly reason: string) {
    super(`${url} is unavailable: ${reason}. Run it again when the server is back`);
  }
}
