import type { ReleaseRecord } from "../../src/builds/record.ts";

/** A text of the search box, and the builds that it finds. */
export interface Text {
  q: string;
  finds: (build: ReleaseRecord) => boolean;
}

const of = (product: string) => ({ source }: ReleaseRecord) => source.product === product;

/** What people type or paste, with values of some of the builds. */
export function textsFor(builds: readonly ReleaseRecord[]): Text[] {
  const build = builds[1000]!;
  const setup = builds.find(({ download }) => / Setup [^/]*\.exe$/.test(download.url))!;
  const { url } = setup.download;
  const fileName = url.slice(url.lastIndexOf("/") + 1);
  const folder = url.slice(0, url.lastIndexOf("/") + 1);
  const day = build.download.date.slice(0, 10);
  const isNamed = (name: string) => ({ download }: ReleaseRecord) =>
    download.url.endsWith(`/${name}`);
  const isAt = (url: string) => ({ download }: ReleaseRecord) => download.url === url;
  return [
    { q: "firefox", finds: of("firefox") },
    { q: "FireFox", finds: of("firefox") },
    { q: "fire", finds: of("firefox") },
    { q: "fr", finds: ({ target }) => target.locale === "fr" },
    { q: "EN-us", finds: ({ target }) => target.locale === "en-US" },
    { q: "es-", finds: ({ target }) => target.locale.startsWith("es-") },
    { q: "51.0", finds: ({ target }) => target.version === "51.0" },
    { q: "51", finds: ({ target }) => target.version.startsWith("51") },
    { q: "thunderbird 51 win32", finds: () => false },
    {
      q: "thunderbird beta win32",
      finds: (one) =>
        of("thunderbird")(one) && one.target.channel === "beta" &&
        one.target.platform === "win32",
    },
    { q: "nightly", finds: ({ target }) => target.channel === "nightly" },
    {
      q: "x86",
      finds: ({ target }) => target.platform.split("-").some((part) => part.startsWith("x86")),
    },
    { q: build.build.id, finds: (one) => one.build.id === build.build.id },
    { q: "201606", finds: (one) => one.build.id.startsWith("201606") },
    {
      q: build.source.revision!,
      finds: ({ source }) => source.revision === build.source.revision,
    },
    {
      q: build.source.revision!.slice(0, 12),
      finds: ({ source }) => source.revision!.startsWith(build.source.revision!.slice(0, 12)),
    },
    { q: build.id, finds: ({ id }) => id === build.id },
    {
      q: day,
      finds: (one) =>
        one.download.date.startsWith(day) || one.build.id.startsWith(day.replaceAll("-", "")),
    },
    { q: "mozilla-central", finds: ({ source }) => source.tree === "mozilla-central" },
    { q: "mozilla-beta", finds: ({ source }) => source.tree === "releases/mozilla-beta" },
    { q: "windows", finds: ({ target }) => target.os === "win" },
    { q: "mac", finds: ({ target }) => target.os === "mac" },
    { q: "linux", finds: ({ target }) => target.os === "linux" },
    { q: url, finds: isAt(url) },
    { q: encodeURI(url).replace("//archive.", "//ftp."), finds: isAt(url) },
    { q: folder, finds: ({ download }) => download.url.startsWith(folder) },
    { q: fileName, finds: isNamed(fileName) },
    {
      q: `${fileName} ${setup.target.locale}`,
      finds: (one) => isNamed(fileName)(one) && one.target.locale === setup.target.locale,
    },
    { q: "wni64", finds: () => false },
    { q: "2017-02-31", finds: () => false },
    { q: "a|b", finds: () => false },
    {
      q: "build.id:2016* AND NOT target.locale:en-US",
      finds: (one) => one.build.id.startsWith("2016") && one.target.locale !== "en-US",
    },
    { q: "fr OR de", finds: ({ target }) => /^(fr|de)$/.test(target.locale) },
    {
      q: "source.product:firefox target.locale:(fr OR de)",
      finds: (one) => of("firefox")(one) && /^(fr|de)$/.test(one.target.locale),
    },
    { q: 'target.version:"51.0"', finds: ({ target }) => target.version === "51.0" },
    {
      q: "build.id:[20160101 TO 20161231]",
      finds: (one) => one.build.id >= "20160101" && one.build.id <= "20161231",
    },
  ];
}
