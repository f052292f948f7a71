import { assertEquals } from "@std/assert";
import {
  endOfNamedTime,
  isNamedBefore,
  isSettled,
  isWrittenBefore,
} from "../../src/crawl/settled.ts";

const DAY_MS = 86_400_000;
const NEWEST = "2017-06-02T12:20:10Z";
const LEAF = "pub/firefox/releases/54.0/win32/fr/";
const NIGHTLY = "pub/firefox/nightly/2017/06/";

Deno.test.each<{
  name: string;
  path?: string;
  days: number;
  newestBelow?: string | null;
  children?: string[];
  settled: boolean;
}>([
  { name: "a folder of files after 3 days", days: 3, settled: true },
  { name: "a folder of files just before that", days: 3 - 1 / DAY_MS, settled: false },
  { name: "a folder of folders after 30 days", days: 30, children: ["fr/"], settled: true },
  { name: "a folder of folders before that", days: 29.9, children: ["fr/"], settled: false },
  { name: "a folder that isn't completely known", days: 99, newestBelow: null, settled: false },
  { name: "a product's folder", path: "pub/firefox/", days: 999, settled: false },
  { name: "all releases", path: "pub/firefox/releases/", days: 999, settled: false },
  { name: "one release", path: "pub/firefox/releases/54.0/", days: 3, settled: true },
  { name: "files that are dated in the future", days: -1, settled: false },
  { name: "a date that can't be read", days: 99, newestBelow: "yesterday", settled: false },
])("isSettled() of $name: $settled", ({ path = LEAF, days, settled, ...known }) => {
  const { newestBelow = NEWEST, children = [] } = known;
  const listedAt = Date.parse(NEWEST) + days * DAY_MS;
  assertEquals(isSettled({ path, listedAt, newestBelow, children }), settled);
});

Deno.test.each<{ path: string; end: string | undefined }>([
  { path: "pub/firefox/nightly/2017/", end: "2017-12-31T23:59:59.999Z" },
  { path: "pub/firefox/nightly/2017/06/", end: "2017-06-30T23:59:59.999Z" },
  { path: "pub/firefox/nightly/2016/02/", end: "2016-02-29T23:59:59.999Z" },
  { path: "pub/firefox/nightly/2017/12/", end: "2017-12-31T23:59:59.999Z" },
  { path: `${NIGHTLY}2017-06-30-03-02-04-mozilla-central/`, end: "2017-06-30T23:59:59.999Z" },
  {
    path: `${NIGHTLY}2017-06-21-03-02-04-mozilla-central-l10n/fr/`,
    end: "2017-06-21T23:59:59.999Z",
  },
  { path: `${NIGHTLY}other/`, end: "2017-06-30T23:59:59.999Z" },
  { path: "pub/firefox/nightly/", end: undefined },
  { path: "pub/firefox/nightly/latest-mozilla-central/", end: undefined },
  { path: "pub/firefox/releases/2017/", end: undefined },
])("endOfNamedTime() of $path is $end", ({ path, end }) => {
  assertEquals(endOfNamedTime(path), end);
});

Deno.test.each<{ path: string; since: string; isBefore: boolean }>([
  { path: NIGHTLY, since: "2017-07-03T23:59:59Z", isBefore: false },
  { path: NIGHTLY, since: "2017-07-04T00:00:00Z", isBefore: true },
  { path: `${NIGHTLY}2017-06-21-03-02-04-x/`, since: "2017-06-24T23:00:00Z", isBefore: false },
  { path: `${NIGHTLY}2017-06-21-03-02-04-x/`, since: "2017-06-25T00:00:00Z", isBefore: true },
  { path: LEAF, since: "2099-01-01T00:00:00Z", isBefore: false },
])("isNamedBefore() of $path and $since: $isBefore", ({ path, since, isBefore }) => {
  assertEquals(isNamedBefore(path, since), isBefore);
});

Deno.test.each<{ path: string; newest?: string; since: string; isBefore: boolean }>([
  { path: LEAF, newest: NEWEST, since: "2017-07-02T12:20:10Z", isBefore: false },
  { path: LEAF, newest: NEWEST, since: "2017-07-02T12:20:11Z", isBefore: true },
  { path: LEAF, since: "2099-01-01T00:00:00Z", isBefore: false },
  {
    path: "pub/firefox/releases/",
    newest: NEWEST,
    since: "2099-01-01T00:00:00Z",
    isBefore: false,
  },
])("isWrittenBefore() of $path, $newest and $since: $isBefore", (row) => {
  assertEquals(isWrittenBefore(row.path, row.newest, row.since), row.isBefore);
});
