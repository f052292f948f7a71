import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import { compareVersions } from "../../src/builds/version_order.ts";
import { SourceError } from "../../src/catalogue/app/server.ts";
import { type Build, Source } from "../../src/catalogue/app/source.ts";
import { stateOf } from "../../src/catalogue/app/state.ts";
import { type Serve, startServe } from "../servers/serve.ts";
import { fill, sampleBuilds } from "./catalogue.ts";
import { textsFor } from "./texts.ts";

let serve: Serve;
const builds: ReleaseRecord[] = await sampleBuilds();
const { signal } = new AbortController();

Deno.test.beforeAll(async () => {
  serve = await startServe();
  await fill(serve.url, builds);
});

Deno.test.afterAll(async () => {
  await serve[Symbol.asyncDispose]();
});

const source = () => new Source(serve.url, "build-hub", "releases");

async function search(address: string, allValues = false) {
  const { results, overview } = await source().search(stateOf(address), allValues, signal);
  return { ...results, ...await overview };
}

Deno.test.each(textsFor(builds))("the search box finds builds by $q", async ({ q, finds }) => {
  const { count } = await search(`?${new URLSearchParams({ q })}`);
  assertEquals(count, builds.filter(finds).length);
});

Deno.test.each([
  "?versions[0]=51.0&products[0]=firefox&channel[0]=release&platforms[0]=win64&locales[0]=fr",
  "?version[]=51.0&product=firefox&channels=release&platform[1]=win64&locale=fr",
].map((address) => ({ address })))("old links work: $address", async ({ address }) => {
  const { count, data } = await search(address);
  assertEquals(count, 1);
  assertEquals(data[0]!.id, "firefox_51-0_win64_fr");
});

Deno.test("an old link may combine a build id and a channel", async () => {
  const { build } = builds.find(({ target }) => target.channel === "nightly")!;
  const { count } = await search(`?q=${build.id}&channel[0]=nightly`);
  assertEquals(
    count,
    builds.filter((one) => one.build.id === build.id && one.target.channel === "nightly").length,
  );
});

Deno.test("a facet counts as if nothing were chosen in it", async () => {
  const { count, facets } = await search("?q=fr&product=firefox&channel=beta&channel=release");
  const isFrench = ({ target }: Build) => target.locale === "fr";
  const isFirefox = ({ source }: Build) => source.product === "firefox";
  const isChosen = ({ target }: Build) => /^(beta|release)$/.test(target.channel);
  const counts = (matching: Build[], valueOf: (build: Build) => string) =>
    Object.fromEntries(
      [...Map.groupBy(matching, valueOf)].map(([value, { length }]) => [value, length]),
    );
  const shown = (name: keyof typeof facets) =>
    Object.fromEntries(
      facets[name].values.filter(({ count }) => count > 0).map((
        { value, count },
      ) => [value, count]),
    );
  const french = builds.filter(isFrench);
  assertEquals(count, french.filter((one) => isFirefox(one) && isChosen(one)).length);
  assertEquals(shown("product"), counts(french.filter(isChosen), (one) => one.source.product));
  assertEquals(shown("channel"), counts(french.filter(isFirefox), (one) => one.target.channel));
  // What is chosen is shown, although no build has it.
  assert(facets.channel.values.some(({ value, count }) => value === "beta" && count === 0));
});

Deno.test.each([{ allValues: false }, { allValues: true }])(
  "versions are listed from the newest, all values: $allValues",
  async ({ allValues }) => {
    const { facets: { version } } = await search("", allValues);
    const all = [...new Set(builds.map(({ target }) => target.version))]
      .sort((a, b) => compareVersions(b, a));
    assertEquals(version.total, all.length);
    assertEquals(
      version.values.map(({ value }) => value),
      allValues ? all : all.slice(0, 30),
    );
    for (const { value, count } of version.values) {
      assertEquals(count, builds.filter(({ target }) => target.version === value).length, value);
    }
  },
);

Deno.test.each([
  { sort: "published", keyOf: ({ download }: Build) => download.date },
  { sort: "built", keyOf: ({ build }: Build) => build!.id },
])("pages sorted by $sort are in order, and have each build once", async ({ sort, keyOf }) => {
  for (const direction of ["", "-"]) {
    const found = await allPages(`?q=fennec&sort=${direction}${sort}`);
    const keys = found.map(keyOf);
    assertEquals(keys, direction === "" ? keys.toSorted() : keys.toSorted().reverse());
    assertEquals(idsOf(found), idsOf(builds.filter((one) => one.source.product === "fennec")));
  }
});

Deno.test("pages sorted by version are in the order of versions, and have each build once", async () => {
  for (const direction of [1, -1]) {
    const found = await allPages(`?product=firefox&sort=${direction < 0 ? "-" : ""}version`);
    const versions = found.map(({ target }) => target.version);
    assertEquals(versions, versions.toSorted((a, b) => direction * compareVersions(a, b)));
    assertEquals(idsOf(found), idsOf(builds.filter((one) => one.source.product === "firefox")));
  }
});

async function allPages(address: string): Promise<Build[]> {
  const { pages, data } = await search(address);
  const others = Array.from(
    { length: pages - 1 },
    async (_, i) => (await search(`${address}&page=${i + 2}`)).data,
  );
  return [...data, ...(await Promise.all(others)).flat()];
}

const idsOf = (builds: readonly Build[]) => builds.map(({ id }) => id).sort();

Deno.test.each([
  { address: "?from=2015-01-01&to=2015-03-31", unit: "day", start: /^2015-0[1-3]-\d\d$/ },
  { address: "?from=2015-01-01&to=2017-06-30", unit: "week", start: /^20\d\d-\d\d-\d\d$/ },
  { address: "", unit: "month", start: /-01$/ },
  { address: "?q=fennec&from=2015-02-03&to=2015-02-03", unit: "day", start: /^2015-02-03$/ },
])("the chart of $address counts by $unit", async ({ address, unit, start }) => {
  const { count, histogram } = await search(address);
  assertEquals(histogram.unit, unit);
  const sums = Object.values(histogram.channels).flat();
  assertEquals(sums.reduce((a, b) => a + b, 0), count);
  for (const one of histogram.starts) {
    assert(start.test(one), one);
    if (unit === "week") assertEquals(new Date(one).getUTCDay(), 1);
  }
});

Deno.test("a page after the last that Elasticsearch gives has no builds", async () => {
  const { count, pages, data } = await search("?page=334");
  assertEquals([count, data.length], [builds.length, 0]);
  assertEquals(pages, Math.ceil(builds.length / 30));
});

Deno.test.each([
  { words: ["firefox", "wni64"], unfound: [{ word: "wni64", nearest: "win64" }] },
  { words: ["fierfox"], unfound: [{ word: "fierfox", nearest: "firefox" }] },
  { words: ["thunderbird", "51"], unfound: [] },
  { words: ["qqqqqqqqq"], unfound: [{ word: "qqqqqqqqq", nearest: undefined }] },
])("unfound() of $words", async ({ words, unfound }) => {
  assertEquals(await source().unfound(words, signal), [...unfound]);
});

Deno.test("an expression that can't be read is a 400 with the reason", async () => {
  const error = await assertRejects(() => search("?q=build.id:("), SourceError);
  assertEquals(error.status, 400);
  assert(error.message.startsWith("Failed to parse query [build.id:(]"), error.message);
});

Deno.test("builds by id and by build id, the newest, and the one before", async () => {
  const one = builds[500]!;
  const found = await source().build(one.id, signal);
  assertEquals({ ...found, last_modified: 0 }, { ...one, last_modified: 0 });
  assertEquals(await source().build("none", signal), undefined);

  const siblings = await source().buildsOf(one.build.id, signal);
  assertEquals(idsOf(siblings), idsOf(builds.filter(({ build }) => build.id === one.build.id)));

  const isLike = ({ source, target }: Build) =>
    source.product === one.source.product && target.channel === one.target.channel &&
    target.platform === one.target.platform;
  const ids = builds.filter(isLike).map(({ build }) => build.id).sort();
  const previous = await source().previous(one, signal);
  assertEquals(previous?.build?.id, ids.filter((id) => id < one.build.id).at(-1));

  const groups = Map.groupBy(builds, ({ source, target }) => `${source.product} ${target.channel}`);
  const newest = await source().newest();
  assertEquals(
    newest.map(({ source, target, download }) =>
      `${source.product} ${target.channel} ${download.date}`
    ).sort(),
    [...groups].map(([key, builds]) =>
      `${key} ${builds.map(({ download }) => download.date).sort().at(-1)}`
    ).sort(),
  );
});

Deno.test("a server whose limit is lower gives the builds of a build id in several answers", async () => {
  await using small = await startServe({ env: { KINTO_PAGINATE_BY: "50" } });
  await fill(small.url, builds);
  const id = "20160628232352";
  const found = await new Source(small.url, "build-hub", "releases").buildsOf(id, signal);
  assertEquals(idsOf(found), idsOf(builds.filter(({ build }) => build.id === id)));
});
