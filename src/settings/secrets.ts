import { type Config, SETTINGS } from "./config.ts";
import { URL_PASSWORD } from "./setting_values.ts";

/** The settings whose values are or contain secrets. */
type SecretSettings = Pick<
  Config,
  "auth" | "serverUrl" | "archiveUrl" | "s3Endpoint" | "sentryDsn"
>;

/**
 * What must never be printed: the passwords in those settings that a command has, and their encoded
 * forms.
 */
export function secretsOf(config: Partial<SecretSettings>): string[] {
  const { auth = "", serverUrl = "", archiveUrl = "", s3Endpoint = "", sentryDsn } = config;
  // A server has several accounts, one per line. The default one isn't a secret.
  const accounts = auth.split(/\r?\n/)
    .filter((account) => account !== "" && account !== SETTINGS.auth.default);
  const passwords = [
    ...accounts.map((account) => account.slice(account.indexOf(":") + 1)),
    ...[serverUrl, archiveUrl, s3Endpoint].map((url) => URL_PASSWORD.exec(url)?.[2] ?? ""),
  ];
  const secrets = [
    ...accounts,
    ...accounts.map((account) => btoa(String.fromCharCode(...new TextEncoder().encode(account)))),
    // Shorter passwords are parts of ordinary words.
    ...passwords.filter(({ length }) => length > 4)
      .flatMap((password) => [password, encodeURIComponent(password)]),
    ...sentrySecrets(sentryDsn),
  ].filter((secret) => secret !== "");
  // Logs and answers of servers have them in JSON.
  return [...new Set(secrets.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))];
}

/**
 * The same from a command line and an environment before they are read: a message about a wrong
 * setting may quote a secret, and one that the command doesn't declare may be in its input.
 */
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
    serverUrl: env(SETTINGS.serverUrl.env),
    archiveUrl: env(SETTINGS.archiveUrl.env),
    s3Endpoint: env(SETTINGS.s3Endpoint.env),
    sentryDsn: dsn !== undefined && URL.canParse(dsn) ? dsn : undefined,
  });
}

function sentrySecrets(dsn: string | undefined): string[] {
  if (dsn === undefined) return [];
  const { username, password } = new URL(dsn);
  return [dsn, username, password];
}
