/** A product: what the archive, the settings, the records and the page call it, and its layout. */
export interface Product {
  /** Its name in the setting PRODUCTS. */
  key: string;
  /** The folder after `pub/`. */
  folder: string;
  /** `source.product` of its records, and the beginning of their ids. */
  name: string;
  /** Lower-cased file names begin with this and a dash. */
  filePrefix: string;
  /** Its name on the page. */
  title: string;
  /** Whether it's indexed unless PRODUCTS says otherwise. */
  isDefault: boolean;
  /**
   * How its folders are laid out and its metadata is named:
   * - `desktop`: platform and locale are folders; one document per platform.
   * - `fennec`: as `desktop`, but a document is named after its build, and a nightly's folder holds
   *   one platform.
   * - `android`: one folder per platform, `pub/fenix/releases/157.0/android/fenix-157.0-android-x86/`
   *   or `pub/fenix/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-android-x86/`.
   */
  family: "desktop" | "fennec" | "android";
  /** What the folders of the nightlies that are indexed name: a repository, or for Android a build. */
  nightlyRepositories: RegExp;
  /** Whether it has nightlies. DevEdition has only numbered betas. */
  hasNightlies: boolean;
}

/** The repositories of the nightlies of all products. */
export const TRUNK = /mozilla-central|comm-central/;

/**
 * What the products of today's Android have in common. Their nightlies' folders name a build instead of
 * a repository, and may be another product's of the same folder.
 */
const ANDROID = {
  family: "android",
  isDefault: false,
  nightlyRepositories: /-(fenix|focus|klar)-\d[^\-\/]*-android/,
} as const;

/**
 * The products whose builds are known (docs/domain.md, "Which files are builds"), in the order in
 * which they're shown. Two may share a folder: Klar is Focus under another name, for
 * German-speaking countries.
 */
export const PRODUCTS: readonly Product[] = [
  product("firefox", "Firefox"),
  product("thunderbird", "Thunderbird"),
  product("mobile", "Fennec", {
    name: "fennec",
    filePrefix: "fennec",
    family: "fennec",
    // Its last nightlies came from the ESR's repository.
    nightlyRepositories: new RegExp(`${TRUNK.source}|mozilla-esr68`),
  }),
  product("devedition", "DevEdition", {
    filePrefix: "firefox",
    hasNightlies: false,
  }),
  product("fenix", "Fenix", ANDROID),
  product("focus", "Focus", ANDROID),
  product("klar", "Klar", { ...ANDROID, folder: "focus" }),
];

/** A product that is called the same everywhere and laid out like Firefox, but for what differs. */
function product(key: string, title: string, different: Partial<Product> = {}): Product {
  return {
    key,
    title,
    ...{ folder: key, name: key, filePrefix: key },
    ...{ isDefault: true, family: "desktop", nightlyRepositories: TRUNK, hasNightlies: true },
    ...different,
  };
}

const BY_FOLDER = Map.groupBy(PRODUCTS, (product) => product.folder);

/** The products whose files may be at this path or below it, such as `pub/firefox/…`. */
export function productsAt(path: string): readonly Product[] {
  if (!path.startsWith("pub/")) return [];
  const end = path.indexOf("/", 4);
  return end < 0 ? [] : BY_FOLDER.get(path.slice(4, end)) ?? [];
}

/** The product of the file at this path; where two share a folder, the file's name decides. */
export function productAt(path: string): Product | undefined {
  const products = productsAt(path);
  if (products.length < 2) return products[0];
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return products.find(({ filePrefix }) => name.startsWith(`${filePrefix}-`)) ?? products[0];
}
