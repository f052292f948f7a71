import type { NewestBuild } from "./newest_builds.ts";

/** How fresh the catalogue is for one product, channel and platform. */
export interface Freshness extends NewestBuild {
  /** Since the archive got the newest build. */
  ageSeconds: number;
  /** From the archive's date to the catalogue: how late the build was published. */
  lagSeconds: number;
  /** `retired`: the channel has much newer builds for other platforms; no limit holds for it. */
  state: "fresh" | "old" | "retired";
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

/** A platform whose newest build is so much older than its channel's isn't built any more. */
const RETIRED_SECONDS = 30 * 86_400;

/**
 * Reads limits such as `nightly=36h,thunderbird/beta=10d`; units are m, h and d.
 *
 * @throws {Error} saying which one makes no sense
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
 * What is fresh, old and retired. Of the limits that hold for a build, the strictest counts.
 *
 * @returns one for each build; and the limits for which nothing is published at all
 */
export function freshnessOf(
  builds: readonly NewestBuild[],
  limits: readonly AgeLimit[],
  nowMs: number,
): { all: Freshness[]; unmet: AgeLimit[] } {
  const newest = new Map<string, number>();
  for (const { product, channel, date } of builds) {
    for (const key of [channel, `${product}/${channel}`]) {
      newest.set(key, Math.max(newest.get(key) ?? 0, Date.parse(date) || 0));
    }
  }
  /** Beside the channel's newest, or its product's where a limit is about one product. */
  const isRetired = ({ product, channel, date }: NewestBuild, within?: string) => {
    const latest = newest.get(within === undefined ? channel : `${product}/${channel}`)!;
    return latest - (Date.parse(date) || 0) > RETIRED_SECONDS * 1000;
  };
  const holds = (limit: AgeLimit, { product, channel }: NewestBuild) =>
    limit.channel === channel && (limit.product ?? product) === product;
  const all = builds.map((build) => {
    const dateMs = Date.parse(build.date) || 0;
    const ageSeconds = Math.round((nowMs - dateMs) / 1000);
    const lagSeconds = Math.round((build.publishedMs - dateMs) / 1000);
    const isOld = limits.some((limit) =>
      holds(limit, build) && ageSeconds > limit.seconds && !isRetired(build, limit.product)
    );
    const state = isOld ? "old" : isRetired(build) ? "retired" : "fresh";
    return { ...build, ageSeconds, lagSeconds, state } satisfies Freshness;
  });
  return { all, unmet: limits.filter((limit) => !builds.some((build) => holds(limit, build))) };
}
