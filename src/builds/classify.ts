import type { Build } from "./build.ts";
import type { Reason } from "./exclusions.ts";
import { type MetadataFile, metadataFileAt } from "./metadata_file.ts";
import { pathShape } from "./path_shape.ts";
import { type Product, productAt, productsAt } from "./products.ts";
import { readBuild } from "./read_build.ts";
import { folderOf } from "./file_path.ts";
import { isInstaller } from "./file_types.ts";
import { folderRejection, NO_INSTALLER, rejection } from "./rejection.ts";
import { isUnknownInstaller } from "./unknown_file.ts";

/** What a file of the archive is. */
export type Verdict = Build | MetadataFile | IgnoredFile | UnknownFile;

/** A file that a rule ignores on purpose. */
export interface IgnoredFile {
  kind: "ignored";
  reason: Reason;
}

/** A file that looks like a build and that no rule knows: somebody should have a look. */
export interface UnknownFile {
  kind: "unknown";
  reason: Reason;
  /** What the paths of its kind have in common, see {@linkcode pathShape}. */
  shape: string;
}

/** The reason of files of products that aren't asked for. */
const NOT_ASKED_FOR: Reason = "product not asked for";

/**
 * What the file at this path is, by its path alone: the one answer of `explain`, the inventory, the
 * crawl and the Lambda function.
 *
 * @param path decoded, such as `pub/firefox/releases/52.0/linux-x86_64/fr/firefox-52.0.tar.bz2`
 * @param sizeBytes a file of an unknown type is `unknown` rather than `ignored` when it's as large
 * as an installer. @default {0}
 *
 * @example
 * ```ts
 * import { classify } from "./classify.ts";
 * const folder = "pub/firefox/releases/52.0/linux-x86_64/fr";
 * const build = classify(`${folder}/firefox-52.0.tar.bz2`);
 * if (build.kind !== "build" || build.id !== "firefox_52-0_linux-x86_64_fr") throw new Error();
 * if (classify(`${folder}/firefox-52.0.tar.bz2.asc`).kind !== "ignored") throw new Error();
 * if (classify(`${folder}/firefox-52.0.tar.zst`).kind !== "unknown") throw new Error();
 * ```
 */
export function classify(path: string, sizeBytes?: number): Verdict {
  return new Classifier().classify(path, sizeBytes);
}

/**
 * Classifies many paths. Those of one folder usually come together, and most folders hold no builds:
 * the verdict on the last folder decides most of them.
 */
export class Classifier {
  readonly #keys?: ReadonlySet<string>;
  #folder?: string;
  /** Of all installers directly in that folder. */
  #folderVerdict?: IgnoredFile;

  /** @param products as PRODUCTS names them; files of others are ignored. @default {all} */
  constructor(products?: readonly string[]) {
    if (products) this.#keys = new Set(products);
  }

  /** See {@linkcode classify}. */
  classify(path: string, sizeBytes = 0): Verdict {
    if (!this.#isInFolder(path)) this.#enter(folderOf(path));
    const folderVerdict = this.#folderVerdict;
    const folderReason = folderVerdict?.reason;
    const reason = rejection(path, folderReason);
    if (folderVerdict !== undefined && reason === folderReason) return folderVerdict;
    const product = productAt(path);
    if (reason === undefined) {
      if (!this.#wants(product!)) return ignored(NOT_ASKED_FOR);
      const build = readBuild(path, product!);
      return typeof build === "string" ? unknown(path, build) : build;
    }
    const metadata = reason === NO_INSTALLER ? metadataFileAt(path) : undefined;
    if (metadata) return this.#wants(metadata.product) ? metadata : ignored(NOT_ASKED_FOR);
    return product && this.#wants(product) &&
        isUnknownInstaller(path, product, { reason, folderReason, sizeBytes })
      ? unknown(path, reason)
      : ignored(reason);
  }

  /** Whether this file belongs into an inventory: an installer, or what looks like an unknown one. */
  isListed(path: string): boolean {
    return isInstaller(path) || this.classify(path).kind === "unknown";
  }

  #isInFolder(path: string): boolean {
    const folder = this.#folder;
    return folder !== undefined && path.startsWith(folder) && path.indexOf("/", folder.length) < 0;
  }

  #enter(folder: string): void {
    this.#folder = folder;
    const isWanted = () => productsAt(folder).some((product) => this.#wants(product));
    const reason = folderRejection(folder) ?? (isWanted() ? undefined : NOT_ASKED_FOR);
    this.#folderVerdict = reason === undefined ? undefined : ignored(reason);
  }

  #wants({ key }: Product): boolean {
    return this.#keys?.has(key) ?? true;
  }
}

function ignored(reason: Reason): IgnoredFile {
  return { kind: "ignored", reason };
}

function unknown(path: string, reason: Reason): UnknownFile {
  return { kind: "unknown", reason, shape: pathShape(path) };
}
