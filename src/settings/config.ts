import { ARCHIVE_SETTINGS } from "./archive_settings.ts";
import { INVENTORY_SETTINGS } from "./inventory_settings.ts";
import { KINTO_SETTINGS } from "./kinto_settings.ts";
import { REPORTING_SETTINGS } from "./reporting_settings.ts";
import { SERVE_SETTINGS } from "./serve_settings.ts";

/** Every setting of every command. */
export const SETTINGS = {
  ...KINTO_SETTINGS,
  ...ARCHIVE_SETTINGS,
  ...INVENTORY_SETTINGS,
  ...SERVE_SETTINGS,
  ...REPORTING_SETTINGS,
};

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The values of all settings; a command has those that it declares, see {@linkcode ConfigOf}. */
export type Config = { [Name in SettingName]: ReturnType<typeof SETTINGS[Name]["parse"]> };

/** The settings that every command reads. */
export const COMMON_SETTINGS = Object.keys(
  REPORTING_SETTINGS,
) as readonly (keyof typeof REPORTING_SETTINGS)[];

/** The name of a setting that every command reads. */
export type CommonSettingName = typeof COMMON_SETTINGS[number];

/**
 * The values of a list of settings, such as a group's.
 *
 * @example
 * ```ts
 * import type { ConfigOf } from "./config.ts";
 * import { COLLECTION } from "./setting_groups.ts";
 * const to: ConfigOf<typeof COLLECTION> = { bucket: "build-hub", collection: "releases" };
 * ```
 */
export type ConfigOf<Names extends readonly SettingName[]> = Pick<Config, Names[number]>;
