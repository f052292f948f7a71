import { UsageError } from "../errors/usage_error.ts";
import { shownUrl, splitUrl } from "../net/credentials.ts";
import { serve } from "../jobs/serve.ts";
import { SERVE } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `serve`: the embedded server. */
export const command = defineCommand({
  summary: "serve a catalogue, on one file, as Kinto does",
  description:
    `Speaks the part of Kinto's HTTP API that release collections need, on a SQLite file, and serves a
page that searches the builds in BUCKET and COLLECTION. AUTH contains the accounts, one user:password
per line; their user ids are account:user. SIGTERM and Ctrl-C finish in-flight requests. For more than
one server, point SERVER_URL at a Kinto.`,
  example: "AUTH=user:secret buildhub serve --port 8888 --database buildhub.sqlite",
  settings: SERVE,
  flags: [
    { name: "access-log", help: "log each request to stderr, as a line of JSON" },
    { name: "catalogue-of", value: "URL", help: "show the builds of another Kinto on the page" },
  ],
  async run({ config, flags, log, signal }) {
    await serve(config, {
      ...{ log, signal },
      isLogged: flags["access-log"] !== undefined,
      catalogueOf: catalogueOf(flags["catalogue-of"]),
    });
    return 0;
  },
});

/** The other Kinto's URL, without a slash at its end. @throws {UsageError} */
function catalogueOf(url: string | true | undefined): string | undefined {
  if (typeof url !== "string") return undefined;
  const shown = `--catalogue-of ${shownUrl(url)}`;
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new UsageError(`${shown} is not a URL such as https://kinto.example.com/v1`);
  }
  if (splitUrl(url).auth !== undefined) {
    throw new UsageError(`${shown} contains a user name or a password: the page would publish it`);
  }
  return url.replace(/\/+$/, "");
}
