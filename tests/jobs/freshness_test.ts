import { assertEquals, assertThrows } from "@std/assert";
import { ageLimits, freshnessOf } from "../../src/jobs/freshness.ts";
import { newestBuilds } from "../../src/jobs/newest_builds.ts";
import { buildhub } from "../buildhub.ts";
import { randomFrom } from "../random.ts";
import { startFaultProxy } from "../servers/fault_proxy.ts";
import { startKinto } from "../servers/kinto.ts";
import { startServe } from "../servers/serve.ts";
import { kintoAt, newCollection, record } from "../kinto/target.ts";
import { recordRequest } from "../../src/kinto/kinto_request.ts";

const NOW = Date.parse("2017-06-10T00:00:00Z");

/** A build of so many hours ago, published an hour after the archive got it. */
function build(place: string, hoursAgo: number) {
  const [product = "", channel = "", platform = ""] = place.split("/");
  const dateMs = NOW - hoursAgo * 3_600_000;
  const date = `${new Date(dateMs).toISOString().slice(0, 19)}Z`;
  const publishedMs = dateMs + 3_600_000;
  return { id: place, product, channel, platform, version: "1.0", date, publishedMs };
}

Deno.test.each<{ limits: string; states: Record<string, string>; unmet: string[] }>([
  { limits: "", states: { "f/nightly/win": "none", "f/nightly/mac": "none" }, unmet: [] },
  {
    limits: "nightly=36h",
    states: { "f/nightly/win": "fresh", "f/nightly/mac": "old" },
    unmet: [],
  },
  {
    limits: "nightly=2d, f/nightly=35h",
    states: { "f/nightly/win": "fresh", "f/nightly/mac": "old" },
    unmet: [],
  },
  {
    limits: "nightly=2160m",
    states: { "f/nightly/win": "fresh", "f/nightly/mac": "old" },
    unmet: [],
  },
  {
    limits: "t/nightly=1h,esr=1d",
    states: { "f/nightly/win": "none", "f/nightly/mac": "none" },
    unmet: ["t/nightly=1h", "esr=1d"],
  },
])("freshnessOf() with $limits", ({ limits, states, unmet }) => {
  const builds = [build("f/nightly/win", 2), build("f/nightly/mac", 37)];
  const found = freshnessOf(builds, ageLimits(limits), NOW);
  assertEquals(Object.fromEntries(found.all.map(({ id, state }) => [id, state])), states);
  assertEquals(found.unmet.map(({ text }) => text), unmet);
  assertEquals(found.all.map(({ ageSeconds, lagSeconds }) => [ageSeconds, lagSeconds]), [
    [7_200, 3_600],
    [133_200, 3_600],
  ]);
});

Deno.test("freshnessOf() compares a platform with its own product only, to tell what is retired", () => {
  const builds = [
    ...[build("f/nightly/win", 2), build("f/nightly/linux-i686", 24 * 31)],
    ...[build("t/nightly/win", 24 * 900), build("t/nightly/mac", 24 * 950)],
  ];
  const states = (limits: string) =>
    freshnessOf(builds, ageLimits(limits), NOW).all.map(({ state }) => state);
  assertEquals(states("nightly=36h"), ["fresh", "retired", "old", "retired"]);
  assertEquals(states("t/nightly=36h"), ["none", "retired", "old", "retired"]);
  assertEquals(states("beta=36h"), ["none", "retired", "none", "retired"]);
});

Deno.test.each([
  "nightly",
  "nightly=",
  "nightly=3",
  "nightly=3w",
  "=3h",
  "a/b/c=3h",
  "nightly=-3h",
])(
  "ageLimits() refuses %s",
  (text) => {
    assertThrows(() => ageLimits(text), Error, "[PRODUCT/]CHANNEL=36h");
  },
);

Deno.test.each([
  { name: "Kinto", start: () => startKinto() },
  { name: "serve", start: () => startServe() },
])("newestBuilds() finds the newest of each in $name, in a few requests", async ({ start }) => {
  await using server = await start();
  let requests = 0;
  await using proxy = await startFaultProxy(server.url, {
    handle(request, forward) {
      requests++;
      return forward(request);
    },
  });
  const random = randomFrom(7);
  const kinto = kintoAt(proxy.url);
  const to = await newCollection(kinto);
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)]!;
  const newest = new Map<string, string>();
  const items = Array.from({ length: 900 }, (_, number) => {
    const item = record(number);
    // Some versions look like numbers, some names are rare and old.
    const rare = number % 100 === 0;
    item.source.product = rare ? "57" : pick(["firefox", "thunderbird"]);
    item.target.channel = rare ? "release" : pick(["nightly", "beta"]);
    item.target.platform = pick(["win32", "win64", "macosx", "linux-i686"]);
    const day = Math.floor(random() * 300) - (rare ? 1000 : 0);
    const date = new Date(Date.UTC(2017, 0, 1) + day * 86_400_000).toISOString();
    item.download.date = `${date.slice(0, 19)}Z`;
    const key = [item.source.product, item.target.channel, item.target.platform].join("/");
    const before = newest.get(key) ?? "";
    if (item.download.date > before) newest.set(key, item.download.date);
    return item;
  });
  for (let at = 0; at < items.length; at += 25) {
    await kinto.batch(items.slice(at, at + 25).map((item) => recordRequest(to, item)));
  }
  requests = 0;
  const found = await newestBuilds(kinto, to, 25);
  assertEquals(
    Object.fromEntries(
      found.map(({ product, channel, platform, date }) => [
        [product, channel, platform].join("/"),
        date,
      ]),
    ),
    Object.fromEntries([...newest].sort(([a], [b]) => a < b ? -1 : 1)),
  );
  if (requests > 8) throw new Error(`${requests} requests`);
  const env = { SERVER_URL: server.url, BUCKET: to.bucket, COLLECTION: to.collection };
  const status = await buildhub(["status", "--json", "--max-age", "nightly=1d"], { env });
  assertEquals(status.code, 1, status.stderr);
  const lines = status.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.length, newest.size);
  const wrong = await buildhub(["status", "--max-age", "soon"], { env });
  assertEquals(wrong.code, 2, wrong.stderr);
});
