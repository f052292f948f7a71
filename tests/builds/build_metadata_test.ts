import { assertEquals } from "@std/assert";
import {
  mergeMetadata,
  metadataFromJson,
  metadataFromText,
} from "../../src/builds/build_metadata.ts";
import type { ListedRecord } from "../../src/builds/record.ts";

Deno.test.each<{ id: string; date: string | undefined }>([
  { id: "2009070210", date: "2009-07-02T10:00:00Z" },
  { id: "200907021043", date: "2009-07-02T10:43:00Z" },
  { id: "20170302120751", date: "2017-03-02T12:07:51Z" },
  { id: "20160229000000", date: "2016-02-29T00:00:00Z" },
  { id: "20170229000000", date: undefined },
  { id: "20170631120000", date: undefined },
  { id: "20171302120751", date: undefined },
  { id: "20170302240000", date: undefined },
  { id: "20170302126000", date: undefined },
  { id: "20170302120760", date: undefined },
  { id: "2017030212075", date: undefined },
  { id: "201703021207511", date: undefined },
  { id: "20170302", date: undefined },
  { id: " 20170302120751", date: undefined },
  { id: "2017-03-02", date: undefined },
  { id: "", date: undefined },
])("metadataFromJson() reads build id '$id' as $date", ({ id, date }) => {
  const expected = date && { build: { id, date }, source: {} };
  assertEquals<unknown>(metadataFromJson({ buildid: id }) ?? undefined, expected || undefined);
});

Deno.test.each<{ name: string; document: unknown }>([
  { name: "nothing", document: undefined },
  { name: "null", document: null },
  { name: "a text", document: "20170302120751" },
  { name: "a list", document: [{ buildid: "20170302120751" }] },
  { name: "no build id", document: { moz_source_stamp: "abc" } },
  { name: "a build id that is no text", document: { buildid: 20170302120751 } },
  { name: "mozinfo", document: { appname: "firefox", os: "linux" } },
])("metadataFromJson() of $name is nothing", ({ document }) => {
  assertEquals(metadataFromJson(document), undefined);
});

Deno.test("metadataFromJson() reads every field, under the names of records", () => {
  const document = {
    as: "$(CC)",
    buildid: "20170302120751",
    cc: "gcc",
    cxx: "g++",
    ld: "ld",
    host_alias: "x86_64-pc-linux-gnu",
    target_alias: "i686-pc-linux-gnu",
    moz_pkg_platform: "linux-i686",
    moz_source_repo: "MOZ_SOURCE_REPO=https://hg.mozilla.org/releases/mozilla-beta",
    moz_source_stamp: "d345b657d381",
    moz_update_channel: "beta",
    something: "else",
  };
  assertEquals(metadataFromJson(document), {
    build: {
      id: "20170302120751",
      date: "2017-03-02T12:07:51Z",
      as: "$(CC)",
      cc: "gcc",
      cxx: "g++",
      ld: "ld",
      host: "x86_64-pc-linux-gnu",
      target: "i686-pc-linux-gnu",
    },
    source: {
      repository: "https://hg.mozilla.org/releases/mozilla-beta",
      tree: "releases/mozilla-beta",
      revision: "d345b657d381",
    },
    channel: "beta",
    packagePlatform: "linux-i686",
  });
});

Deno.test("metadataFromJson() reads the names of newer documents, and leaves out what is no text", () => {
  const document = { buildid: "2017030212", host: "h", target: "t", cc: 5, as: null, ld: ["ld"] };
  assertEquals(metadataFromJson(document)?.build, {
    id: "2017030212",
    date: "2017-03-02T12:00:00Z",
    host: "h",
    target: "t",
  });
});

const REVISION = "d345b657d381";

Deno.test.each<{ name: string; text: string; repository?: string; tree?: string }>([
  {
    name: "build id and URL",
    text: `20110704030840\nhttp://hg.mozilla.org/mozilla-central/rev/${REVISION}`,
    repository: "http://hg.mozilla.org/mozilla-central",
    tree: "mozilla-central",
  },
  {
    name: "build id and URL of a branch, with Windows line ends",
    text: `20110704030840\r\nhttps://hg.mozilla.org/releases/mozilla-aurora/rev/${REVISION}\r\n`,
    repository: "https://hg.mozilla.org/releases/mozilla-aurora",
    tree: "releases/mozilla-aurora",
  },
  {
    name: "build id and revision",
    text: `20110704030840 ${REVISION}\n`,
    repository: "http://hg.mozilla.org/mozilla-central",
    tree: "mozilla-central",
  },
])("metadataFromText() reads $name", ({ text, repository, tree }) => {
  assertEquals(metadataFromText(text), {
    build: { id: "20110704030840", date: "2011-07-04T03:08:40Z" },
    source: { repository, tree, revision: REVISION },
  });
});

Deno.test.each([
  "",
  "\n",
  "20110704030840",
  "20110231030840 abc",
  "<html>20110704030840 abc</html>",
  "20110704030840\nsee http://hg.mozilla.org/",
  `20110704030840 a b`,
])("metadataFromText() of '%s' is nothing", (text) => {
  assertEquals(metadataFromText(text), undefined);
});

const DATE = "2017-06-02T12:20:10Z";

const RECORD: ListedRecord = {
  id: "firefox_beta_52-0b6_win32_fr",
  source: { product: "firefox" },
  target: { platform: "win32", os: "win", locale: "fr", version: "52.0b6", channel: "beta" },
  download: { url: "http://a/b", mimetype: "application/msdos-windows", size: 1, date: DATE },
};

Deno.test.each<{ name: string; own: string; said: string | undefined; channel: string }>([
  { name: "its own channel where none is named", own: "beta", said: undefined, channel: "beta" },
  { name: "its own channel where an empty one is named", own: "beta", said: "", channel: "beta" },
  { name: "the channel of its metadata", own: "beta", said: "release", channel: "release" },
  { name: "-old-id", own: "nightly-old-id", said: "nightly", channel: "nightly-old-id" },
  {
    name: "-old-id of both once",
    own: "nightly-old-id",
    said: "nightly-old-id",
    channel: "nightly-old-id",
  },
  {
    name: "-old-id of its metadata",
    own: "nightly",
    said: "nightly-old-id",
    channel: "nightly-old-id",
  },
])("mergeMetadata() gives a record $name", ({ own, said, channel }) => {
  const metadata = metadataFromJson({ buildid: "2017030212", moz_update_channel: said })!;
  const record = { ...RECORD, target: { ...RECORD.target, channel: own } };
  assertEquals(mergeMetadata(record, metadata).target.channel, channel);
});

Deno.test("mergeMetadata() adds build, source and number, and keeps the rest", () => {
  const before = structuredClone(RECORD);
  const metadata = metadataFromJson({
    buildid: "2017030212",
    moz_source_repo: "https://hg.mozilla.org/mozilla-central",
    moz_pkg_platform: "win32",
  })!;
  assertEquals(mergeMetadata(RECORD, metadata, 3), {
    ...RECORD,
    source: {
      product: "firefox",
      repository: "https://hg.mozilla.org/mozilla-central",
      tree: "mozilla-central",
    },
    build: { id: "2017030212", date: "2017-03-02T12:00:00Z", number: 3 },
  });
  assertEquals(RECORD, before);
});
