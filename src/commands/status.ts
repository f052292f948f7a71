import { reasonOf } from "../errors/reason_of.ts";
import { UsageError } from "../errors/usage_error.ts";
import { ageLimits, type Freshness, freshnessOf, type FreshnessState } from "../jobs/freshness.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { newestBuilds } from "../jobs/newest_builds.ts";
import { outputLines } from "../reporting/output_lines.ts";
import { COLLECTION, KINTO_CLIENT } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `status`: shows how fresh the collection is. */
export const command = defineCommand({
  summary: "show how fresh the collection is, by product, channel and platform",
  description:
    `Prints the newest published build of each product, channel and platform, its age, and its lag:
the time between the archive's date and the collection's.

With --max-age, such as nightly=36h,thunderbird/beta=10d, exit code 1 when the newest build of a
platform is older, or when nothing of that channel is published. A platform whose newest build is
more than 30 days older than its product's newest of that channel is retired, and has no limit.`,
  example: "buildhub status --max-age nightly=36h,thunderbird/beta=10d",
  settings: [...KINTO_CLIENT, ...COLLECTION],
  flags: [
    { name: "json", help: "print one JSON object per line" },
    { name: "max-age", value: "LIMITS", help: "the maximum age of builds: nightly=36h,…" },
  ],
  async run({ config, flags, log, signal, stdout }) {
    const limits = limitsFrom(String(flags["max-age"] ?? ""));
    const { bucket, collection } = config;
    const kinto = kintoFrom(config, log, { signal });
    const { batchMaxRequests } = await kinto.info();
    const builds = await newestBuilds(kinto, { bucket, collection }, batchMaxRequests);
    const { all, unmet } = freshnessOf(builds, limits, Date.now());
    for (const { product, channel, platform, ageSeconds, lagSeconds } of all) {
      log.telemetry.record("buildhub.freshness", ageSeconds, { product, channel, platform });
      log.telemetry.record("buildhub.lag", lagSeconds, { product, channel, platform });
    }
    const lines = flags.json ? all.map((one) => JSON.stringify(one)) : table(all);
    await ReadableStream.from(lines).pipeTo(outputLines(stdout));
    for (const { id, ageSeconds, state } of all) {
      if (state === "old") log.error(`Old: ${id}, ${duration(ageSeconds)}`);
    }
    for (const { text } of unmet) log.error(`Nothing is published that ${text} applies to`);
    const count = (state: FreshnessState) => all.filter((one) => one.state === state).length;
    const none = count("none");
    const parts = {
      ...{ fresh: count("fresh"), old: count("old"), retired: count("retired") },
      ...none > 0 && { "without a limit": none },
    };
    log.summary([{ event: "platforms", count: all.length, parts }]);
    return parts.old > 0 || unmet.length > 0 ? 1 : 0;
  },
});

function limitsFrom(text: string) {
  try {
    return ageLimits(text);
  } catch (error) {
    throw new UsageError(`--max-age ${reasonOf(error)}`);
  }
}

function table(all: readonly Freshness[]): string[] {
  const rows = [
    ["product", "channel", "platform", "version", "archive's date", "age", "lag", ""],
    ...all.map((one) => [
      ...[one.product, one.channel, one.platform, one.version, one.date],
      ...[duration(one.ageSeconds), duration(one.lagSeconds)],
      one.state === "old" || one.state === "retired" ? one.state : "",
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  );
}

/** `35m`, `36h`, `12d`: in the unit that needs few digits. */
function duration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 2 * 3_600) return `${Math.round(seconds / 60)}m`;
  if (size < 4 * 86_400) return `${Math.round(seconds / 3_600)}h`;
  return `${Math.round(seconds / 86_400)}d`;
}
