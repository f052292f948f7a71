import { PRODUCTS } from "../../builds/products.ts";
import type { Build } from "./source.ts";

/** `1,234,567` for a whole number. Loading Intl takes longer than drawing the page. */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 build`, `1,234 builds` */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The display name of a product; an unknown one’s is that of its records. */
export function productName(product: string): string {
  return PRODUCTS.find(({ name }) => name === product)?.title ?? product;
}

/** `57.2 MB`; a dash if the size is unknown. */
export function formatSize(bytes: number | undefined): string {
  return bytes === undefined ? "–" : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `2017-06-02 12:20`, in UTC. */
export function formatDate(date: string | undefined): string {
  return date === undefined ? "–" : date.replace("T", " ").replace(/(:\d\d)?(\.\d+)?Z$/, "");
}

/** `2017-06-02`, `2017-06-02 to 2017-06-09`, `from 2017-06-02` or `until 2017-06-09`. */
export function formatDays(from: string, to: string): string {
  if (from === "") return `until ${to}`;
  if (to === "") return `from ${from}`;
  return from === to ? from : `${from} to ${to}`;
}

const AGES: [seconds: number, unit: string][] = [
  [2 * 365.25 * 86_400, "y"],
  [60 * 86_400, "mo"],
  [2 * 86_400, "d"],
  [3600, "h"],
  [60, "min"],
];

const LENGTHS: Record<string, number> = {
  y: 365.25 * 86_400,
  mo: 30.44 * 86_400,
  d: 86_400,
  h: 3600,
  min: 60,
};

/** How long ago, such as `3 h`, `12 d`, `7 mo`. */
export function formatShortAge(date: string, now: number): string {
  const seconds = (now - Date.parse(date)) / 1000;
  for (const [least, unit] of AGES) {
    if (seconds >= least) return `${Math.floor(seconds / LENGTHS[unit]!)} ${unit}`;
  }
  return Number.isNaN(seconds) ? "?" : "now";
}

/** The URL if it may be linked to, which excludes `javascript:`: records come from outside. */
export function safeUrl(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

/** The page of a build's changeset in its repository. */
export function changesetUrl({ source: { repository, revision } }: Build): string | undefined {
  return revision === undefined ? undefined : safeUrl(
    repository && `${repository.replace(/\/+$/, "")}/rev/${encodeURIComponent(revision)}`,
  );
}

/** The class with a channel's color: `esr` for `esr115` too. */
export function channelClass(channel: string): string {
  return /^(nightly-old-id|nightly|aurora|beta|release|esr)/.exec(channel)?.[0] ?? "other";
}

/** `Firefox 57.0 nightly, win64, fr` */
export function titleOf({ source, target }: Build): string {
  const channel = target.channel === "release" ? "" : ` ${target.channel}`;
  return `${
    productName(source.product)
  } ${target.version}${channel}, ${target.platform}, ${target.locale}`;
}
