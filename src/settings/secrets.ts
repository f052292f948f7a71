import { type Config, SETTINGS } from "./config.ts";
import { URL_PASSWORD } from "./setting_values.ts";

/** What must never be printed: the passwords within secret settings, and their encoded forms. */
export function secretsOf(
  config: Pick<Config, "auth" | "serverUrl" | "archiveUrl" | "s3Endpoint" | "sentryDsn">,
): string[] {
  const { auth, serverUrl, archiveUrl, s3Endpoint = "" } = config;
  // A server has several accounts, one a line.
  const accounts = auth.split(/\r?\n/).filter((account) => account !== "");
  const passwords = [
    ...accounts.map((account) => account.slice(account.indexOf(":") + 1)),
    ...[serverUrl, archiveUrl, s3Endpoint].map((url) => URL_PASSWORD.exec(url)?.[2] ?? ""),
  ];
  const secrets = [
    ...accounts,
    ...accounts.map((account) => btoa(String.fromCharCode(...new TextEncoder().encode(account)))),
    // Shorter ones, such as the default `pass`, are parts of ordinary words.
    ...passwords.filter(({ length }) => length > 4).flatMap((text) => [
      text,
      encodeURIComponent(text),
    ]),
    ...sentrySecrets(config.sentryDsn),
  ];
  // As they stand in JSON: in logs, and in what servers quote.
  return [...new Set(secrets.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))];
}

/** The same before the settings are read: a message about a wrong one may quote what is secret. */
export function secretsBefore(
  args: readonly string[],
  env: (name: string) => string | undefined,
): string[] {
  const option = args.findIndex((arg) => arg === "--auth" || arg.startsWith("--auth="));
  const given = args[option]?.split("=").slice(1).join("=") || args[option + 1];
  const auths = [env(SETTINGS.auth.env), option < 0 ? undefined : given];
  const dsn = env(SETTINGS.sentryDsn.env);
  return secretsOf({
    auth: auths.filter((auth) => auth !== undefined).join("\n"),
    serverUrl: env(SETTINGS.serverUrl.env) ?? "",
    archiveUrl: env(SETTINGS.archiveUrl.env) ?? "",
    s3Endpoint: env(SETTINGS.s3Endpoint.env),
    sentryDsn: dsn !== undefined && URL.canParse(dsn) ? dsn : undefined,
  }).filter((secret) => secret !== "");
}

function sentrySecrets(dsn: string | undefined): string[] {
  if (dsn === undefined) return [];
  const { username, password } = new URL(dsn);
  return [dsn, username, password];
}
