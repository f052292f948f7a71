/** One setting: where its value comes from, and how it's read. */
export interface Setting<T> {
  /** The environment variable. */
  env: string;
  /** The option on the command line, without its dashes. Options override the environment. */
  option?: string;
  /** The default, as a user would write it; `""` is "none". */
  default: string;
  /** One line for `help`. */
  help: string;
  /** Never shown. */
  secret?: boolean;
  /** A URL, which is shown without user name and password. */
  isUrl?: boolean;
  /** @throws {Error} whose message follows the setting's name: `is not a number from 0 to 100` */
  parse: (text: string) => T;
}

/** A row of a table of settings; infers the type of its value. */
export function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}
