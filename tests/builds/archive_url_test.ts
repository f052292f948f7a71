import { assertEquals } from "@std/assert";
import { pathOfKey, pathOfUrl, requestUrl } from "../../src/builds/archive_url.ts";

Deno.test.each(
  [
    ["pub/firefox/a.dmg", "pub/firefox/a.dmg"],
    ["pub/Firefox+Setup+52.0.exe", "pub/Firefox Setup 52.0.exe"],
    [
      "pub/firefox-1.0PR-i686-linux-gtk2%2Bxft.tar.gz",
      "pub/firefox-1.0PR-i686-linux-gtk2+xft.tar.gz",
    ],
    ["pub/%28a%29", "pub/(a)"],
    ["pub/%C3%A9", "pub/é"],
    ["pub/100%", "pub/100%"],
    ["pub/%FF", "pub/%FF"],
    ["", ""],
  ] as const,
)("pathOfKey() decodes %s", (key, path) => {
  assertEquals(pathOfKey(key), path);
});

Deno.test.each(
  [
    ["https://a/pub/Firefox%20Setup.exe", "pub/Firefox Setup.exe"],
    ["https://a/pub/Firefox Setup.exe", "pub/Firefox Setup.exe"],
    ["https://a/pub/a+b", "pub/a+b"],
    ["https://b/pub/a", undefined],
    ["", undefined],
  ] as const,
)("pathOfUrl() takes %s for %s", (url, path) => {
  assertEquals(pathOfUrl(url, "https://a/"), path);
});

Deno.test("requestUrl() encodes what a URL can't hold, so that the server sees the path", () => {
  const path = "pub/Firefox Setup 1#?é%.exe";
  const url = requestUrl(path, "https://a/");
  assertEquals(new URL(url).hash + new URL(url).search, "");
  assertEquals(decodeURIComponent(new URL(url).pathname.slice(1)), path);
});
