import { assert, assertEquals } from "@std/assert";
import type { ReleaseRecord } from "../../../../src/builds/record.ts";
import {
  buildhub2Documents,
  VIEWED_FIELDS,
} from "../../../../src/server/search/dsl/buildhub2_view.ts";
import { valueAt } from "../../../../src/server/search/dsl/record_index.ts";
import { Random } from "../../random.ts";
import { Engine, releaseMapping } from "./engine.ts";
import { sampleRecords } from "./sample_records.ts";

interface Parts {
  source?: Partial<ReleaseRecord["source"]>;
  target?: Partial<ReleaseRecord["target"]>;
  url?: string;
}

function recordOf({ source, target, url }: Parts): ReleaseRecord {
  return {
    id: "an-id",
    source: { product: "firefox", tree: "mozilla-central", ...source },
    target: {
      platform: "linux-x86_64",
      os: "linux",
      locale: "en-US",
      version: "55.0a1",
      channel: "nightly",
      ...target,
    },
    download: {
      url: url ?? "https://archive.mozilla.org/pub/a.tar.bz2",
      mimetype: "application/x-bzip2",
      size: 1,
      date: "2017-06-02T12:20:10Z",
    },
    build: { id: "20170602100000", date: "2017-06-02T10:00:00Z" },
  };
}

const CASES: readonly { name: string; of: Parts; field: string; shown: unknown[] }[] = [
  { name: "Firefox", of: {}, field: "source.product", shown: ["firefox"] },
  {
    name: "DevEdition",
    of: { source: { product: "devedition" }, target: { channel: "aurora" } },
    field: "source.product",
    shown: ["firefox"],
  },
  {
    name: "DevEdition's channel",
    of: { source: { product: "devedition" }, target: { channel: "aurora" } },
    field: "target.channel",
    shown: ["aurora"],
  },
  { name: "Linux", of: {}, field: "target.platform", shown: ["linux-x86_64"] },
  {
    name: "the Mac",
    of: { target: { platform: "macosx" } },
    field: "target.platform",
    shown: ["mac"],
  },
  {
    name: "a candidate's version",
    of: { target: { version: "70.0rc2", channel: "release" } },
    field: "target.version",
    shown: ["70.0", "70.0"],
  },
  {
    name: "a candidate's channels",
    of: { target: { version: "70.0rc2", channel: "release" } },
    field: "target.channel",
    shown: ["release", "beta"],
  },
  {
    name: "a candidate's ids",
    of: { target: { version: "70.0rc2", channel: "release" } },
    field: "id",
    shown: ["an-id", "an-id@beta"],
  },
  {
    name: "a candidate of a beta",
    of: { target: { version: "70.0b3rc1", channel: "beta" } },
    field: "target.version",
    shown: ["70.0b3"],
  },
  {
    name: "a release",
    of: { target: { version: "70.0", channel: "release" } },
    field: "target.channel",
    shown: ["release"],
  },
  {
    name: "a tree in a folder",
    of: { source: { tree: "releases/mozilla-beta" } },
    field: "source.tree",
    shown: ["mozilla-beta"],
  },
  { name: "a tree", of: {}, field: "source.tree", shown: ["mozilla-central"] },
  {
    name: "no tree",
    of: { source: { tree: undefined } },
    field: "source.tree",
    shown: [undefined],
  },
  { name: "French", of: { target: { locale: "fr" } }, field: "id", shown: [] },
  { name: "all locales", of: { target: { locale: "multi" } }, field: "id", shown: ["an-id"] },
  {
    name: "an address with spaces",
    of: { url: "https://archive.mozilla.org/pub/win32/en-US/Firefox Setup 54.0.exe" },
    field: "download.url",
    shown: ["https://archive.mozilla.org/pub/win32/en-US/Firefox%20Setup%2054.0.exe"],
  },
];

Deno.test("what Buildhub2 shows of a record", async (test) => {
  for (const { name, of, field, shown } of CASES) {
    await test.step(name, () => {
      const record = recordOf(of);
      const before = structuredClone(record);
      const documents = buildhub2Documents(record);
      assertEquals(documents.map((document) => valueAt(document, field)), shown);
      assertEquals(record, before);
      assert(documents.length <= 2);
    });
  }
});

Deno.test("each viewed field is one of the mapping, with a case that changes it", async () => {
  const mapping = await releaseMapping();
  for (const field of Object.keys(VIEWED_FIELDS)) {
    assert(mapping.has(field), field);
    const changes = CASES.some(({ of, shown, field: other }) =>
      other === field && shown.some((value) => value !== valueAt(recordOf(of), field))
    );
    assert(changes, field);
  }
});

Deno.test("Buildhub2's values are matched, counted and shown", async () => {
  const records = await sampleRecords(new Random(1), 2800) as ReleaseRecord[];
  const documents = records.flatMap(buildhub2Documents);
  const engine = new Engine(await releaseMapping(), documents.map((document) => ({ ...document })));
  const fleet = {
    query: {
      bool: {
        must: [
          { term: { "source.product": "firefox" } },
          { term: { "target.channel": "aurora" } },
          { term: { "target.platform": "mac" } },
        ],
      },
    },
    aggs: { channels: { terms: { field: "target.channel", size: 100 } } },
    sort: [{ "build.id": "desc" }],
    size: 1,
  };
  const { body } = engine.post(JSON.stringify(fleet));
  const { hits, aggregations } = body as {
    hits: { total: number; hits: { _source: ReleaseRecord }[] };
    aggregations: { channels: { buckets: { key: string; doc_count: number }[] } };
  };
  const wanted = records.filter(({ source, target }) =>
    source.product === "devedition" && target.locale === "en-US" && target.platform === "macosx"
  );
  assert(wanted.length > 0);
  assertEquals(hits.total, wanted.length);
  assertEquals(hits.hits[0]!._source.target.platform, "mac");
  assertEquals(aggregations.channels.buckets, [{ key: "aurora", doc_count: wanted.length }]);
});
