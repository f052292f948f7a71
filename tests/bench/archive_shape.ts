import type { Listing } from "../../src/demo/archive_tree.ts";

/** A product of the archive, as large as Mozilla's product-details say. */
interface ShapedProduct {
  folder: string;
  /** Versions in all; the newest come first. */
  versions: number;
  newestMajor: number;
  /** The versions of each major version, after its number. */
  suffixes: readonly string[];
  platforms: readonly string[];
  locales: readonly string[];
  hasNightlies?: boolean;
}

const DESKTOP = ["linux-i686", "linux-x86_64", "mac", "win32", "win64"];

const LOCALES = (
  "ach af an ar ast az be bg bn br bs ca ca-valencia cak cs cy da de dsb el en-CA en-GB en-US eo " +
  "es-AR es-CL es-ES es-MX et eu fa ff fi fr fur fy-NL ga-IE gd gl gn gu-IN he hi-IN hr hsb hu " +
  "hy-AM ia id is it ja ka kab kk km kn ko lij lt lv mk mr ms my nb-NO ne-NP nl nn-NO oc pa-IN pl " +
  "pt-BR pt-PT rm ro ru sat sc sco si sk skr sl son sq sr sv-SE szl ta te tg th tl tr trs uk ur"
).split(" ");

const betas = (count: number) => Array.from({ length: count }, (_, index) => `.0b${index + 1}`);

const PRODUCTS: readonly ShapedProduct[] = [
  {
    ...{ folder: "devedition", versions: 770, newestMajor: 157, suffixes: betas(8) },
    ...{ platforms: DESKTOP, locales: LOCALES },
  },
  {
    ...{ folder: "firefox", versions: 1_856, newestMajor: 157, hasNightlies: true },
    ...{ suffixes: [".0", ".0.1", ".0.2", ...betas(9)], platforms: DESKTOP, locales: LOCALES },
  },
  {
    ...{ folder: "mobile", versions: 959, newestMajor: 68 },
    suffixes: [".0", ".0.1", ".0.2", ...betas(11)],
    ...{ platforms: ["android-api-16", "android-x86"], locales: ["en-US", "multi"] },
  },
  {
    ...{ folder: "thunderbird", versions: 707, newestMajor: 157 },
    suffixes: [".0", ".0.1", ".0.2", ...betas(9)],
    ...{ platforms: DESKTOP, locales: LOCALES.slice(0, 65) },
  },
];

/** Of all versions, each fourth has two candidates. */
const CANDIDATES = [2, 1, 1, 1];

/** The day of the newest version and the newest nightly. */
const NEWEST_MS = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;

/** Days of nightlies in the whole archive, with two a day. */
const NIGHTLY_DAYS = 365;
const TIMES = ["09-27-14", "21-33-05"];
const BRANCHES = ["mozilla-central", "mozilla-central-l10n", "autoland", "oak"];

/**
 * An archive of the real one's shape, as its lister shows it: versions, platforms, locales and
 * candidates of four products, a year of nightlies, and the folders between them that hold no builds.
 * A listing is computed from its folder's path, so it takes no memory however large it is.
 */
export class ArchiveShape {
  readonly #share: number;

  /** @param builds how many it has, roughly; the real archive has some three million */
  constructor(builds: number) {
    this.#share = 1;
    this.#share = Math.min(1, builds / this.buildCount);
  }

  /** How many builds it has, exactly. */
  get buildCount(): number {
    let count = 0;
    for (const product of PRODUCTS) {
      const { platforms, locales, hasNightlies } = product;
      for (let index = 0; index < this.#versionCount(product); index++) {
        count += platforms.length * localesOf(product, index).length * (1 + candidatesOf(index));
      }
      if (hasNightlies) {
        count += this.#days * TIMES.length * platforms.length * locales.length;
      }
    }
    return count;
  }

  /** What a folder has; undefined when there is none. Prefixes and files are sorted. */
  list(folder: string): Listing | undefined {
    const [pub, name, kind, ...rest] = folder.split("/").slice(0, -1);
    if (folder === "") return folders(["pub"]);
    if (pub !== "pub") return undefined;
    if (name === undefined) return folders([...PRODUCTS.map(({ folder }) => folder), "vpn"]);
    const product = PRODUCTS.find(({ folder }) => folder === name);
    if (!product) return undefined;
    const kinds = [
      "candidates",
      ...product.hasNightlies ? ["nightly"] : [],
      "releases",
      "tinderbox",
    ];
    switch (kind) {
      case undefined:
        return folders(kinds);
      case "candidates":
        return this.#candidates(product, rest);
      case "releases":
        return rest.length === 0
          ? folders([...this.#versions(product), "latest"])
          : this.#builds(product, rest[0]!, rest.slice(1), false);
      case "nightly":
        return product.hasNightlies ? this.#nightly(product, rest) : undefined;
    }
  }

  get #days(): number {
    return Math.ceil(NIGHTLY_DAYS * this.#share);
  }

  #versionCount({ versions }: ShapedProduct): number {
    return Math.ceil(versions * this.#share);
  }

  #versions(product: ShapedProduct): string[] {
    const { newestMajor, suffixes } = product;
    return Array.from({ length: this.#versionCount(product) }, (_, index) => {
      const major = newestMajor - Math.floor(index / suffixes.length);
      return `${major}${suffixes[index % suffixes.length]}`;
    });
  }

  /** The place of a version among its product's, the newest being 0. */
  #indexOf(product: ShapedProduct, version: string): number | undefined {
    const [, major = "", suffix = ""] = /^(\d+)(\..*)$/.exec(version) ?? [];
    const { newestMajor, suffixes } = product;
    const place = suffixes.indexOf(suffix);
    const index = (newestMajor - Number(major)) * suffixes.length + place;
    return place >= 0 && index >= 0 && index < this.#versionCount(product) ? index : undefined;
  }

  #candidates(product: ShapedProduct, [folder, build, ...rest]: string[]): Listing | undefined {
    if (folder === undefined) {
      return folders(
        [...this.#versions(product).map((version) => `${version}-candidates`), "archived"],
      );
    }
    const version = /^(.*)-candidates$/.exec(folder)?.[1] ?? "";
    const index = this.#indexOf(product, version);
    if (index === undefined) return undefined;
    const count = candidatesOf(index);
    if (build === undefined) return folders(["build1", "build2"].slice(0, count));
    const number = Number(/^build(\d)$/.exec(build)?.[1]);
    return number >= 1 && number <= count ? this.#builds(product, version, rest, true) : undefined;
  }

  /** The folder of a version's builds, and those in it. */
  #builds(
    product: ShapedProduct,
    version: string,
    [platform, locale, ...rest]: string[],
    isCandidate: boolean,
  ): Listing | undefined {
    const index = this.#indexOf(product, version);
    if (index === undefined || rest.length > 0) return undefined;
    const time = NEWEST_MS - index * DAY_MS;
    if (platform === undefined) {
      const noise = isCandidate
        ? ["beetmover-checksums", "jsshell", "mar-tools", "source", "update"]
        : ["source", "update"];
      return {
        ...folders([...product.platforms, ...noise]),
        files: ["SHA256SUMS", "SHA512SUMS"].map((name) => file(name, 300_000, time)),
      };
    }
    if (!product.platforms.includes(platform)) return undefined;
    const locales = localesOf(product, index);
    if (locale === undefined) return folders(locales);
    if (!locales.includes(locale)) return undefined;
    const name = installerOf(product, version, platform, locale);
    const size = 50_000_000 + (index * 7_919 + locales.indexOf(locale) * 104_729) % 30_000_000;
    const files = [file(name, size, time), file(`${name}.asc`, 833, time)];
    if (isCandidate && locale === "en-US") files.push(file("buildhub.json", 1_100, time));
    return { prefixes: [], files };
  }

  #nightly(product: ShapedProduct, rest: string[]): Listing | undefined {
    const [year, month, dated, ...more] = rest;
    const days = Array.from({ length: this.#days }, (_, index) => {
      return new Date(NEWEST_MS - index * DAY_MS).toISOString().slice(0, 10);
    }).sort();
    if (year === undefined) {
      const years = [...new Set(days.map((day) => day.slice(0, 4)))];
      return folders([...years, "latest-mozilla-central", "latest-mozilla-central-l10n"]);
    }
    const within = days.filter((day) => day.startsWith(month ? `${year}-${month}-` : `${year}-`));
    if (within.length === 0 || more.length > 0) return undefined;
    if (month === undefined) return folders([...new Set(within.map((day) => day.slice(5, 7)))]);
    const names = within.flatMap((day) =>
      TIMES.flatMap((time) => BRANCHES.map((branch) => `${day}-${time}-${branch}`))
    );
    if (dated === undefined) return folders(names);
    if (!names.includes(dated)) return undefined;
    const time = Date.parse(dated.slice(0, 10)) + 10 * 3_600_000;
    const locales = dated.endsWith("-l10n")
      ? product.locales.filter((locale) => locale !== "en-US")
      : ["en-US"];
    const stem = `${product.folder}-${product.newestMajor + 1}.0a1`;
    const files = product.platforms.flatMap((platform) =>
      locales.flatMap((locale, index) => {
        const name = `${stem}.${locale}.${platform}`;
        const size = 60_000_000 + index * 104_729 % 20_000_000;
        return [
          file(`${name}.complete.mar`, size, time),
          file(`${name}${suffixOf(platform)}`, size, time),
          ...locale === "en-US" ? [file(`${name}.buildhub.json`, 1_100, time)] : [],
        ];
      })
    );
    return { prefixes: [], files: files.sort((a, b) => a.name < b.name ? -1 : 1) };
  }
}

function folders(names: readonly string[]): Listing {
  return { prefixes: names.map((name) => `${name}/`).sort(), files: [] };
}

function file(name: string, size: number, time: number) {
  return { name, size, last_modified: new Date(time).toISOString().replace(/\.\d+/, "") };
}

function candidatesOf(index: number): number {
  return CANDIDATES[index % CANDIDATES.length]!;
}

/** Older versions have fewer locales. */
function localesOf({ locales, versions }: ShapedProduct, index: number): readonly string[] {
  const fewest = Math.ceil(locales.length / 2);
  const count = locales.length - Math.floor((locales.length - fewest) * index / versions);
  // en-US is always among them.
  return locales.filter((locale, place) => place < count || locale === "en-US");
}

function installerOf(
  { folder }: ShapedProduct,
  version: string,
  platform: string,
  locale: string,
): string {
  if (folder === "mobile") return `fennec-${version}.${locale}.android-arm.apk`;
  const product = folder === "thunderbird" ? "Thunderbird" : "Firefox";
  if (platform.startsWith("win")) return `${product} Setup ${version}.exe`;
  if (platform === "mac") return `${product} ${version}.dmg`;
  return `${product.toLowerCase()}-${version}.tar.xz`;
}

function suffixOf(platform: string): string {
  if (platform.startsWith("win")) return ".installer.exe";
  return platform === "mac" ? ".dmg" : ".tar.xz";
}
