import type { Version } from "./sample_versions.ts";

/** The application name in a product's file names: devedition's files are `firefox-…`. */
export function appOf(product: string): string {
  return { devedition: "firefox", mobile: "fennec" }[product] ?? product;
}

/** A platform's name in file names and documents; Android's folders have others. */
export function packageOf(platform: string): string {
  return { "android-api-15": "android-arm", "android-x86": "android-i386" }[platform] ?? platform;
}

/** The file name of a candidate or release, within its locale's folder. */
export function installerName(of: Version, platform: string, locale: string): string {
  const { product, version } = of;
  const title = product === "thunderbird" ? "Thunderbird" : "Firefox";
  if (product === "mobile") return `fennec-${version}.${locale}.${packageOf(platform)}.apk`;
  if (platform.startsWith("win")) return `${title} Setup ${version}.exe`;
  if (platform.startsWith("mac")) return `${title} ${version}.dmg`;
  return `${appOf(product)}-${version}${tarSuffix(version)}`;
}

/** The part of a nightly's file name after `firefox-55.0a1.en-US.linux-x86_64`. */
export function nightlySuffix({ product, version }: Version, platform: string): string {
  if (product === "mobile") return ".apk";
  if (platform.startsWith("win")) return ".installer.exe";
  return platform === "mac" ? ".dmg" : tarSuffix(version);
}

/** Linux builds are xz files since 135.0. */
function tarSuffix(version: string): string {
  return parseInt(version) >= 135 ? ".tar.xz" : ".tar.bz2";
}
