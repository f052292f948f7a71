/** What the archive calls a product, what its records say, and how its files begin. */
export interface Product {
  /** What PRODUCTS calls it. */
  key: string;
  /** The folder after `pub/`. */
  folder: string;
  /** `source.product` of its records. */
  name: string;
  /** Lower-cased file names begin with this and a dash. */
  filePrefix: string;
}

/**
 * The products whose builds are known (docs/domain.md, "Which files are builds"). Two may share a folder:
 * Klar is Focus under another name, for German-speaking countries.
 */
export const PRODUCTS: readonly Product[] = [
  { key: "firefox", folder: "firefox", name: "firefox", filePrefix: "firefox" },
  { key: "thunderbird", folder: "thunderbird", name: "thunderbird", filePrefix: "thunderbird" },
  { key: "mobile", folder: "mobile", name: "fennec", filePrefix: "fennec" },
  { key: "devedition", folder: "devedition", name: "devedition", filePrefix: "firefox" },
  { key: "fenix", folder: "fenix", name: "fenix", filePrefix: "fenix" },
  { key: "focus", folder: "focus", name: "focus", filePrefix: "focus" },
  { key: "klar", folder: "focus", name: "klar", filePrefix: "klar" },
];

const BY_FOLDER = Map.groupBy(PRODUCTS, (product) => product.folder);

/** The products whose files may lie at this path or below it, such as `pub/firefox/…`. */
export function productsAt(path: string): readonly Product[] {
  if (!path.startsWith("pub/")) return [];
  const end = path.indexOf("/", 4);
  return end < 0 ? [] : BY_FOLDER.get(path.slice(4, end)) ?? [];
}

/** The product of the file at this path; of two that share a folder, its name decides. */
export function productAt(path: string): Product | undefined {
  const products = productsAt(path);
  if (products.length < 2) return products[0];
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return products.find(({ filePrefix }) => name.startsWith(`${filePrefix}-`)) ?? products[0];
}
