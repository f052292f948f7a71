import type { NewestBuild } from "./newest_builds.ts";

/** See {@linkcode Freshness.state}. */
export type FreshnessState = "fresh" | "old" | "retired" | "none";

/** How fresh the catalogue is for one product, channel and platform. */
export interface Freshness extends NewestBuild {
  /** Since the archive got the newest build. */
  ageSeconds: number;
  /** From the archive's date to the catalogue: how late the build was published. */
  lagSeconds: number;
  /**
   * `fresh` and `old` compare the age with a limit; `retired`: the product's channel has much newer
   * builds for other platforms, and no limit applies; `none`: no limit was given for it.
   */
  state: FreshnessState;
}

/** A limit of `--max-age`. */
export interface AgeLimit {
  /** As it was given: `nightly=36h`. */
  text: string;
  product?: string;
  channel: string;
  seconds: number;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** A platform is retired when its newest build is this much older than its product's channel's. */
const RETIRED_SECONDS = 30 * 86_400;

/**
 * Reads limits such as `nightly=36h,thunderbird/beta=10d`; units are m, h and d.
 *
 * @throws {Error} naming the first invalid one
 *
 * @example
 * ```ts
 * import { ageLimits } from "./freshness.ts";
 * if (ageLimits("nightly=36h")[0]?.seconds !== 129_600) throw new Error();
 * ```
 */
export function ageLimits(text: string): AgeLimit[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "").map((part) => {
    const [, product, channel = "", number = "", unit = ""] =
      /^(?:([\w-]+)\/)?([\w-]+)=(\d+(?:\.\d+)?)([mhd])$/.exec(part) ?? [];
    if (channel === "") {
      throw new Error(`${JSON.stringify(part)} is not of the form [PRODUCT/]CHANNEL=36h`);
    }
    return { text: part, product, channel, seconds: Number(number) * UNIT_SECONDS[unit]! };
  });
}

/**
 * Compares the age of each build with the limits; where several apply, the strictest counts.
 *
 * @returns one for each build; and the limits for which nothing is published at all
 */
export function freshnessOf(
  builds: readonly NewestBuild[],
  limits: readonly AgeLimit[],
  nowMs: number,
): { all: Freshness[]; unmet: AgeLimit[] } {
  const newestMs = new Map<string, number>();
  for (const build of builds) {
    const key = channelOf(build);
    newestMs.set(key, Math.max(newestMs.get(key) ?? 0, dateMsOf(build)));
  }
  const applies = (limit: AgeLimit, { product, channel }: NewestBuild) =>
    limit.channel === channel && (limit.product ?? product) === product;
  const stateOf = (build: NewestBuild, ageSeconds: number): FreshnessState => {
    const own = limits.filter((limit) => applies(limit, build));
    // The product's newest build is never retired: a limit that is given always has an effect.
    if (newestMs.get(channelOf(build))! - dateMsOf(build) > RETIRED_SECONDS * 1000) {
      return "retired";
    }
    if (own.length === 0) return "none";
    return own.some(({ seconds }) => ageSeconds > seconds) ? "old" : "fresh";
  };
  const all = builds.map((build): Freshness => {
    const ageSeconds = Math.round((nowMs - dateMsOf(build)) / 1000);
    const lagSeconds = Math.round((build.publishedMs - dateMsOf(build)) / 1000);
    return { ...build, ageSeconds, lagSeconds, state: stateOf(build, ageSeconds) };
  });
  return { all, unmet: limits.filter((limit) => !builds.some((build) => applies(limit, build))) };
}

function channelOf({ product, channel }: NewestBuild): string {
  return `${product}/${channel}`;
}

function dateMsOf({ date }: NewestBuild): number {
  return Date.parse(date) || 0;
}
