import type { ArchiveFile } from "./archive_tree.ts";
import { buildhubDocument, classicDocument, textDocument } from "./sample_metadata.ts";
import { appOf, installerName, nightlySuffix, packageOf } from "./sample_names.ts";
import { buildIdOf, numberOf } from "./sample_numbers.ts";
import {
  NIGHTLIES,
  type Nightly,
  NOISE,
  ODD_BUILDS,
  type Release,
  RELEASES,
} from "./sample_versions.ts";

/** A file without its size and date. */
type Entry = readonly [path: string, body?: string];

/**
 * A small archive in the real one's layout: some builds of each product and channel, their metadata,
 * and the files around them. Always the same, sorted by path.
 */
export function sampleArchive(): ArchiveFile[] {
  const files = [
    ...RELEASES.flatMap((release) => {
      const { day, candidates } = release;
      return [
        ...candidates.flatMap((number) => published(candidate(release, number), day, number)),
        ...published(released(release), day, 5 + (candidates.at(-1) ?? 0)),
      ];
    }),
    ...NIGHTLIES.flatMap((version) => published(nightly(version), version.day, 0)),
    ...published([...NOISE, ...ODD_BUILDS].map((path) => [path]), "2017-06-06", 0),
  ];
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** `…/candidates/54.0-candidates/build2/`: the builds, and the metadata beside the en-US ones. */
function* candidate(release: Release, number: number): Generator<Entry> {
  const { product, version, platforms, locales, day, documents } = release;
  const app = appOf(product);
  const root = `pub/${product}/candidates/${version}-candidates/build${number}/`;
  const buildId = buildIdOf(day, number - 1, `${product} ${version}`);
  yield [`${root}SHA512SUMS`];
  yield [`${root}partner-repacks/acer/v1/win32/en-US/Firefox Setup ${version}.exe`];
  for (const platform of platforms) {
    for (const locale of locales) {
      const folder = `${root}${platform}/${locale}/`;
      const installer = installerName(release, platform, locale);
      yield [folder + installer];
      yield [`${folder}${installer}.asc`];
      if (locale !== "en-US" && locale !== "multi") {
        yield [`${root}update/${platform}/${locale}/${app}-${version}.complete.mar`];
        continue;
      }
      const stem = product === "mobile" ? installer.replace(".apk", "") : `${app}-${version}`;
      const build = { ...release, app, platform: packageOf(platform), buildId };
      if (documents === "classic" || documents === "both") {
        yield [`${folder}${stem}.json`, classicDocument(build)];
      }
      if (documents === "buildhub" || documents === "both") {
        const path = folder + installer;
        const body = buildhubDocument(build, { path, size: sizeOf(path), number });
        yield [`${folder}buildhub.json`, body];
      }
      yield* beside(folder + stem);
    }
  }
}

/** `…/releases/54.0/`: the same builds, without metadata. */
function* released(release: Release): Generator<Entry> {
  const { product, version, platforms, locales, variants = [] } = release;
  const root = `pub/${product}/releases/${version}/`;
  for (const platform of [...platforms, ...variants]) {
    for (const locale of locales) {
      const path = `${root}${platform}/${locale}/${installerName(release, platform, locale)}`;
      yield [path];
      yield [`${path}.asc`];
    }
    if (platform === "win32") yield [`${root}win32/en-US/Firefox Installer.exe`];
  }
  yield [`${root}KEY`];
  yield [`${root}SHA256SUMS`];
  yield [`${root}source/${appOf(product)}-${version}.source.tar.xz`];
}

/** `…/nightly/2017/06/2017-06-21-03-02-04-mozilla-central/`, and `…-l10n/` beside it. */
function* nightly(version: Nightly): Generator<Entry> {
  const { product, day, time, branch, platforms, locales, documents } = version;
  const app = appOf(product);
  const month = day.slice(0, 7).replace("-", "/");
  const folder = `pub/${product}/nightly/${month}/${day}-${time}-${branch}`;
  const buildId = `${day}${time}`.replace(/\D/g, "").padEnd(14, "0");
  for (const platform of platforms) {
    for (const locale of locales) {
      const isLocalized = locale !== "en-US" && locale !== "multi";
      const name = `${app}-${version.version}.${locale}.${packageOf(platform)}`;
      const stem = `${folder}${isLocalized ? "-l10n" : ""}/${name}`;
      const path = stem + nightlySuffix(version, platform);
      yield [path];
      yield [`${stem}.checksums`];
      yield [`${stem}.complete.mar`];
      if (isLocalized) {
        yield [`${stem}.langpack.xpi`];
        continue;
      }
      const build = { ...version, app, platform: packageOf(platform), buildId };
      if (documents === "classic") yield [`${stem}.json`, classicDocument(build)];
      if (documents === "buildhub") {
        const body = buildhubDocument(build, { path, size: sizeOf(path) });
        yield [`${stem}.buildhub.json`, body];
      }
      if (documents === "lines" || documents === "words") {
        yield [`${stem}.txt`, textDocument(build, documents)];
      }
      yield* beside(stem);
    }
  }
}

/** Files beside en-US builds that look like a build or its metadata, but are neither. */
function* beside(stem: string): Generator<Entry> {
  yield [`${stem}.mozinfo.json`, '{"appname": "firefox"}'];
  yield [`${stem}.test_packages.json`, '{"common": []}'];
  yield [`${stem}.common.tests.zip`];
  yield [`${stem}.crashreporter-symbols.zip`];
}

/** The files, each published on the day that is `daysLater` days after the given one. */
function published(entries: Iterable<Entry>, day: string, daysLater: number): ArchiveFile[] {
  return Array.from(entries, ([path, body]) => {
    const time = buildIdOf(day, daysLater, path);
    return {
      path,
      size: body === undefined ? sizeOf(path) : new TextEncoder().encode(body).length,
      last_modified: time.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z"),
      ...body !== undefined && { body },
    };
  });
}

/** The size in bytes of a file without content. Some are round, which an inventory writes as `2E+7`. */
function sizeOf(path: string): number {
  const size = numberOf(path, 60_000_000);
  if (!/\.(apk|dmg|exe|mar|tar\.\w+|zip)$/.test(path)) return 100 + size % 100_000;
  return size % 40 === 0 ? 20_000_000 : 20_000_000 + size;
}
