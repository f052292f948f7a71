import { classifyFolder } from "../../builds/classify_folder.ts";
import { PRODUCTS } from "../../builds/products.ts";
import { compareVersions } from "../../builds/version_order.ts";
import type { SummaryEvent } from "../../reporting/summary.ts";
import { titleOf } from "../audit/build_place.ts";
import { type PublishedPlatforms, versionId } from "./published_platforms.ts";
import type { ShippedVersion } from "./shipped_versions.ts";

/** A version that isn't in the collection, or not on every platform. */
export type ShippedFinding =
  & ShippedVersion
  & { channel: string }
  & (
    | { state: "missing" }
    /** It lacks these platforms, which the versions beside it have. */
    | { state: "lacking"; platforms: string[]; neighbors: string[] }
  );

/** What a comparison found. `shipped = complete + findings + excluded` */
export interface ShippedComparison {
  shipped: number;
  /** Versions that are there, as far as product-details and their neighbors tell. */
  complete: number;
  /** Versions in folders that no build is indexed from. */
  excluded: number;
  /** Ordered by product, channel and version. */
  findings: ShippedFinding[];
}

/**
 * Compares what was shipped with what is published. Product-details doesn't say for which platforms a
 * version was shipped, so its neighbors do: the published versions before and after it in its channel.
 * It lacks the platforms that both of them have; the newest version, those of the one before it.
 */
export function compareShipped(
  versions: readonly ShippedVersion[],
  platforms: PublishedPlatforms,
): ShippedComparison {
  const indexed = versions.filter((version) => !isExcluded(version));
  const findings = [
    ...Map.groupBy(indexed, (version) => `${version.product} ${channelOf(version)}`),
  ]
    .sort(([a], [b]) => a < b ? -1 : 1)
    .flatMap(([, channel]) => findingsOf(channel, platforms));
  return {
    shipped: versions.length,
    complete: indexed.length - findings.length,
    excluded: versions.length - indexed.length,
    findings,
  };
}

/** A finding in one line: `missing firefox beta 99.0b8, shipped on 2022-03-25`. */
export function shippedLine(finding: ShippedFinding): string {
  const { product, version, date, state } = finding;
  const channel = finding.channel === "release" ? "" : finding.channel;
  const start = `${state} ${titleOf({ product, channel, version })}`;
  if (state === "missing") return `${start}, shipped on ${date}`;
  const { platforms, neighbors } = finding;
  return `${start}: ${platforms.join(", ")}, which ${neighbors.join(" and ")} ${
    neighbors.length === 1 ? "has" : "have"
  }`;
}

/** The numbers, which add up. */
export function shippedSummary(
  { shipped, complete, excluded, findings }: ShippedComparison,
): SummaryEvent {
  const missing = findings.filter(({ state }) => state === "missing").length;
  const lacking = findings.length - missing;
  return {
    ...{ event: "shipped versions", count: shipped },
    parts: { complete, missing, "lacking a platform": lacking, excluded },
  };
}

/** The findings of one channel. */
function findingsOf(
  channel: readonly ShippedVersion[],
  platforms: PublishedPlatforms,
): ShippedFinding[] {
  const of = (version: ShippedVersion) => platforms.get(versionId(version)) ?? new Set<string>();
  const sorted = channel.toSorted((a, b) => compareVersions(a.version, b.version));
  const published = sorted.filter((version) => of(version).size > 0);
  let index = -1;
  return sorted.flatMap((version): ShippedFinding[] => {
    const base = { ...version, channel: channelOf(version) };
    if (of(version).size === 0) return [{ ...base, state: "missing" }];
    index++;
    const [before, after] = [published[index - 1], published[index + 1]];
    if (!before) return [];
    const neighbors = after ? [before, after] : [before];
    const expected = neighbors.map(of).reduce((all, some) => all.intersection(some));
    const lacking = [...expected.difference(of(version))].sort();
    if (lacking.length === 0) return [];
    const names = neighbors.map(({ version }) => version);
    return [{ ...base, state: "lacking", platforms: lacking, neighbors: names }];
  });
}

/** Whether no build is indexed from the version's folder, such as that of Firefox 0.8. */
function isExcluded({ product, version }: ShippedVersion): boolean {
  const folder = PRODUCTS.find(({ name }) => name === product)?.folder ?? product;
  return classifyFolder(`pub/${folder}/releases/${version}/`).kind === "ignored";
}

/** The channel of the version's records. */
function channelOf({ product, version }: ShippedVersion): string {
  if (version.endsWith("esr")) return "esr";
  if (!version.includes("b")) return "release";
  return product === "devedition" ? "aurora" : "beta";
}
