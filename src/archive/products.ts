/** What the archive calls a product, what its records say, and how its files begin. */
export interface Product {
  /** The folder after `pub/`. */
  folder: string;
  /** `source.product` of its records. */
  name: string;
  /** Lower-cased file names begin with this and a dash. */
  filePrefix: string;
}

/** The products whose builds are indexed (README, "Which files are builds"). */
export const PRODUCTS: readonly Product[] = [
  { folder: "firefox", name: "firefox", filePrefix: "firefox" },
  { folder: "thunderbird", name: "thunderbird", filePrefix: "thunderbird" },
  { folder: "mobile", name: "fennec", filePrefix: "fennec" },
  { folder: "devedition", name: "devedition", filePrefix: "firefox" },
];

const BY_FOLDER = new Map(PRODUCTS.map((product) => [product.folder, product]));

/** The product whose files lie at this path, such as `pub/firefox/…`. */
export function productAt(path: string): Product | undefined {
  if (!path.startsWith("pub/")) return undefined;
  const end = path.indexOf("/", 4);
  return end < 0 ? undefined : BY_FOLDER.get(path.slice(4, end));
}
