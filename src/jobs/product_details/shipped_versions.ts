import { PRODUCTS } from "../../builds/products.ts";
import { UnreadableBody } from "../../errors/unreadable_body.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { Http } from "../../net/http.ts";
import { isObject } from "../../net/json.ts";
import { readJson, readText } from "../../net/read_body.ts";

/** A version that Mozilla says it shipped. */
export interface ShippedVersion {
  /** As records name it: `fennec`. */
  product: string;
  /** As the archive's folders name it: `99.0b8`, `10.0.12esr`. */
  version: string;
  /** The day: `2022-03-25`. */
  date: string;
}

/** The documents, and the products in them as PRODUCTS names them. */
const DOCUMENTS: readonly { file: string; products: readonly string[] }[] = [
  { file: "firefox.json", products: ["firefox"] },
  { file: "devedition.json", products: ["devedition"] },
  { file: "thunderbird.json", products: ["thunderbird"] },
  { file: "mobile_android.json", products: ["mobile", "fenix", "focus", "klar"] },
];

/** The largest document has 600 KB. */
const MAX_DOCUMENT_BYTES = 16 * 2 ** 20;

/**
 * The versions that Mozilla says it shipped, of these products, from product-details.
 *
 * @param url of the documents' folder, with a slash at its end
 * @param products as PRODUCTS names them
 * @throws {HttpError} when a document isn't there
 * @throws as {@linkcode Http} does; {@linkcode UnreadableBody} when a document is something else
 *
 * @see https://wiki.mozilla.org/Release_Management/Product_details
 */
export async function shippedVersions(
  http: Http,
  url: string,
  products: readonly string[],
): Promise<ShippedVersion[]> {
  const wanted = DOCUMENTS.filter((document) =>
    document.products.some((product) => products.includes(product))
  );
  const names = new Set(
    PRODUCTS.filter(({ key }) => products.includes(key)).map(({ name }) => name),
  );
  const all = await Promise.all(wanted.map(({ file }) => versionsIn(http, url + file)));
  return all.flat().filter(({ product }) => names.has(product));
}

function versionsIn(http: Http, url: string): Promise<ShippedVersion[]> {
  return http.request({ url, headers: { accept: "application/json" } }, async (response) => {
    if (!response.ok) {
      const { status, statusText } = response;
      throw new HttpError("GET", url, status, statusText, await readText(response));
    }
    return versionsFrom(await readJson(response, MAX_DOCUMENT_BYTES));
  });
}

/**
 * The versions that a document of product-details lists.
 *
 * @throws {UnreadableBody} when it's another document, or lists none
 *
 * @example
 * ```ts
 * import { versionsFrom } from "./shipped_versions.ts";
 * const releases = {
 *   "firefox-10.0.12esr": { product: "firefox", version: "10.0.12", date: "2013-01-08" },
 * };
 * if (versionsFrom({ releases })[0]?.version !== "10.0.12esr") throw new Error();
 * ```
 */
export function versionsFrom(document: unknown): ShippedVersion[] {
  const releases = isObject(document) ? document.releases : undefined;
  if (!isObject(releases)) throw new UnreadableBody("the document has no releases");
  const versions = Object.entries(releases).map(([name, release]) => {
    const { product, date } = Object(release) as Record<string, unknown>;
    if (
      typeof product !== "string" || typeof date !== "string" || !name.startsWith(`${product}-`)
    ) {
      throw new UnreadableBody(`${JSON.stringify(name)} is no release of a product`);
    }
    // `version` lacks the "esr" of some.
    return { product, version: name.slice(product.length + 1), date };
  });
  if (versions.length === 0) throw new UnreadableBody("the document lists no releases");
  return versions;
}
