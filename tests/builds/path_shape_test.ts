import { assertEquals } from "@std/assert";
import { pathShape } from "../../src/builds/path_shape.ts";

Deno.test.each([
  {
    path: "pub/firefox/releases/150.0/linux-riscv64/fr/firefox-150.0.tar.zst",
    shape: "firefox/releases/*/linux-riscv64/*/*.tar.zst",
  },
  {
    path: "pub/firefox/releases/52.0b6/win32/pt-BR/Firefox Setup 52.0b6.exe",
    shape: "firefox/releases/*/win32/*/*.exe",
  },
  {
    path: "pub/firefox/releases/10.0.12esr/mac/ja-JP-mac/Firefox 10.0.12esr.appx",
    shape: "firefox/releases/*/mac/*/*.appx",
  },
  {
    path: "pub/firefox/candidates/50.0-candidates/build11/win64/multi/firefox-50.0.rpm",
    shape: "firefox/candidates/*-candidates/build*/win64/*/*.rpm",
  },
  {
    path: "pub/mobile/nightly/2017/05/2017-05-15-10-02-38-mozilla-central-android-api-15/x.aab",
    shape: "mobile/nightly/*/*/*-mozilla-central-android-api-15/*.aab",
  },
  {
    path: "pub/firefox/releases/56.0.1-funnelcake131/v1/win64/en-US/firefox",
    shape: "firefox/releases/*-funnelcake131/v*/win64/*/*",
  },
  {
    path: "pub/firefox/rolling/a1b2c3d4e5f60718/x-20170515100238/firefox-1.7z",
    shape: "firefox/rolling/*/x-*/*.7z",
  },
  { path: "pub/firefox/firefox 52.0.AppImage", shape: "firefox/*.appimage" },
  { path: "firefox", shape: "*" },
])("pathShape() of $path is $shape", ({ path, shape }) => {
  assertEquals(pathShape(path), shape);
});
