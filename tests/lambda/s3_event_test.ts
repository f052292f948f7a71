import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { counted } from "../../src/errors/counted.ts";
import { EventFailure } from "../../lambda/s3_event.ts";
import { readTree } from "../servers/conformance_tree.ts";
import { eventOf, file, s3Record, sqsEvent, startFunction } from "./s3_event_setup.ts";
import { workedEvents } from "./worked_events.ts";

Deno.test("s3Event() creates exactly the worked records, all events in one warm process", async () => {
  await using lambda = await startFunction({ files: await readTree() });
  const events = await workedEvents(lambda.archive.url);
  assertEquals(events.length, 108);
  for (const [at, { kind, event, records }] of events.entries()) {
    lambda.archive.requests.clear();
    const { size } = records;
    assertStringIncludes(
      JSON.stringify(await lambda.invoke(event)),
      `${counted(size, "builds")} = ${size} created + 0 existing + 0 incomplete + 0 failed`,
      `case ${at}`,
    );
    assertEquals(await lambda.records(), records, `case ${at}`);
    const requests = [...lambda.archive.requests.values()].reduce((sum, count) => sum + count, 0);
    if (kind === "archive") assert(requests <= 3, `case ${at} took ${requests} requests`);
    if (kind === "other") assertEquals(requests, 0, `case ${at}`);
    await lambda.clear();
  }
  assertEquals(lambda.reported, []);
});

const CANDIDATE = "pub/firefox/candidates/60.0-candidates/build1/linux-x86_64";
const NIGHTLY = "pub/firefox/nightly/2018/01/2018-01-01-10-02-38-mozilla-central";
const MOBILE = "pub/mobile/nightly/2018/01/2018-01-01-10-02-38-mozilla-central-android-api-15";
const DOCUMENT = {
  buildid: "20180101100238",
  moz_source_repo: "https://hg.mozilla.org/mozilla-central",
  moz_source_stamp: "abc",
};

/** A build, its metadata, and the id of the record that they make. */
const PAIRS = [
  {
    name: "candidate",
    build: `${CANDIDATE}/en-US/firefox-60.0.tar.bz2`,
    metadata: `${CANDIDATE}/en-US/firefox-60.0.json`,
    id: "firefox_60-0rc1_linux-x86_64_en-us",
  },
  {
    name: "localized candidate",
    build: `${CANDIDATE}/ca-valencia/firefox-60.0.tar.bz2`,
    metadata: `${CANDIDATE}/en-US/firefox-60.0.json`,
    id: "firefox_60-0rc1_linux-x86_64_ca-valencia",
  },
  {
    name: "EME-free candidate",
    build: `${CANDIDATE}-EME-free/fr/firefox-60.0.tar.bz2`,
    metadata: `${CANDIDATE}/en-US/firefox-60.0.json`,
    id: "firefox_60-0rc1_linux-x86_64-eme-free_fr",
  },
  {
    name: "nightly",
    build: `${NIGHTLY}/firefox-60.0a1.en-US.linux-x86_64.tar.bz2`,
    metadata: `${NIGHTLY}/firefox-60.0a1.en-US.linux-x86_64.json`,
    id: "firefox_nightly_2018-01-01-10-02-38_60-0a1_linux-x86_64_en-us",
  },
  {
    name: "localized nightly",
    build: `${NIGHTLY}-l10n/firefox-60.0a1.fr.linux-x86_64.tar.bz2`,
    metadata: `${NIGHTLY}/firefox-60.0a1.en-US.linux-x86_64.json`,
    id: "firefox_nightly_2018-01-01-10-02-38_60-0a1_linux-x86_64_fr",
  },
  {
    name: "mobile nightly",
    build: `${MOBILE}/fennec-60.0a1.multi.android-arm.apk`,
    metadata: `${MOBILE}/fennec-60.0a1.multi.android-arm.json`,
    id: "fennec_nightly_2018-01-01-10-02-38_60-0a1_android-api-15_multi",
  },
];

/** A path's metadata, as it would be uploaded. */
const DOCUMENTS = new Map(
  PAIRS.map(({ metadata }) => [metadata, {
    ...DOCUMENT,
    moz_pkg_platform: metadata.includes("android") ? "android-arm" : "linux-x86_64",
  }]),
);

Deno.test("s3Event() completes a build whatever comes first", async (t) => {
  await using lambda = await startFunction({ files: [] });
  const { tree } = lambda.archive;
  const upload = (path: string) => tree.put(file(path, DOCUMENTS.get(path)));
  for (const { name, build, metadata, id } of PAIRS) {
    const orders: [order: string, events: { upload: string[]; event: unknown }[]][] = [
      ["build first", [
        { upload: [build], event: eventOf(build) },
        { upload: [metadata], event: eventOf(metadata) },
      ]],
      ["metadata first", [
        { upload: [metadata], event: eventOf(metadata) },
        { upload: [build], event: eventOf(build) },
      ]],
      ["both in one event", [{ upload: [build, metadata], event: eventOf(build, metadata) }]],
      ["both uploaded, events turned around", [
        { upload: [build, metadata], event: eventOf(metadata) },
        { upload: [], event: eventOf(build) },
      ]],
      ["each event twice", [
        { upload: [build], event: eventOf(build, build) },
        { upload: [metadata], event: eventOf(metadata, metadata) },
        { upload: [], event: eventOf(build) },
        { upload: [], event: eventOf(metadata) },
      ]],
    ];
    for (const [order, events] of orders) {
      await t.step(`${name}: ${order}`, async () => {
        for (const { upload: paths, event } of events) {
          paths.forEach(upload);
          const answer = await lambda.invoke(event);
          assert(!(answer instanceof Error), String(answer));
        }
        assertEquals([...(await lambda.records()).keys()], [id]);
        await lambda.clear();
        tree.delete(build);
        tree.delete(metadata);
      });
    }
    await t.step(`${name}: both events at the same moment`, async () => {
      [build, metadata].forEach(upload);
      await Promise.all([lambda.invoke(eventOf(build)), lambda.invoke(eventOf(metadata))]);
      assertEquals([...(await lambda.records()).keys()], [id]);
      await lambda.clear();
      tree.delete(build);
      tree.delete(metadata);
    });
  }
});

Deno.test("s3Event() finds a candidates folder that came since, and the highest build", async () => {
  const release = "pub/firefox/releases/60.0/linux-x86_64/fr/firefox-60.0.tar.bz2";
  await using lambda = await startFunction({ files: [file(release)] });
  const document = (build: number, revision: string) =>
    file(`${CANDIDATE.replace("build1", `build${build}`)}/en-US/firefox-60.0.json`, {
      ...DOCUMENT,
      moz_source_stamp: revision,
    });
  await lambda.invoke(eventOf(release));
  assertEquals(await lambda.records(), new Map());
  assertStringIncludes(lambda.logs.join(""), "firefox_60-0_linux-x86_64_fr is incomplete");

  lambda.archive.tree.put(document(1, "one"));
  await lambda.invoke(eventOf(release));
  assertEquals((await lambda.records()).get("firefox_60-0_linux-x86_64_fr")?.build?.number, 1);
  await lambda.clear();

  lambda.archive.tree.put(document(11, "eleven"));
  await lambda.invoke(eventOf(release));
  const record = (await lambda.records()).get("firefox_60-0_linux-x86_64_fr");
  assertEquals([record?.build?.number, record?.source.revision], [11, "eleven"]);
});

Deno.test("s3Event() waits for an announced document that isn't readable at once", async () => {
  const { build, metadata, id } = PAIRS[1]!;
  let misses = 0;
  await using lambda = await startFunction({
    files: [file(build), file(metadata, DOCUMENT)],
    fault: (path) =>
      path === metadata && ++misses < 4 ? new Response("Not Found", { status: 404 }) : undefined,
  });
  const answer = await lambda.invoke(eventOf(build, metadata));
  assert(!(answer instanceof Error), String(answer));
  assertEquals([...(await lambda.records()).keys()], [id]);
  // Build and metadata waited for the same document, and it was read once.
  assertEquals(lambda.archive.requests.get(metadata), 4);
});

Deno.test("s3Event() stops at the deadline, and says what is left, after all else is done", async () => {
  const { build, metadata } = PAIRS[1]!;
  const other = PAIRS[4]!;
  await using lambda = await startFunction({
    files: [build, other.build].map((path) => file(path))
      .concat(file(other.metadata, DOCUMENTS.get(other.metadata))),
  });
  const event = sqsEvent({ never: eventOf(metadata), good: eventOf(other.build) });
  assertEquals(await lambda.invoke(event, { leftMs: 1000 }), {
    batchItemFailures: [{ itemIdentifier: "never" }],
  });
  assertEquals([...(await lambda.records()).keys()], [other.id]);
  assertStringIncludes(lambda.logs.join(""), `Left at the deadline: 1 part of ${metadata}`);
  assertEquals(lambda.reported.length, 1);

  const failure = await lambda.invoke(eventOf(metadata, other.build), { leftMs: 500 });
  assert(failure instanceof EventFailure, String(failure));
  assertEquals(
    failure.message,
    `1 of 2 objects failed: ${metadata}: the deadline is near`,
  );
});

Deno.test("s3Event() goes on past folders, documents and records that fail", async () => {
  const locales = ["de", "en-US", "fr", "ja", "ca-valencia"];
  const builds = locales.map((locale) => `${CANDIDATE}/${locale}/firefox-60.0.tar.bz2`);
  const metadata = `${CANDIDATE}/en-US/firefox-60.0.json`;
  const nightly = PAIRS[3]!;
  await using lambda = await startFunction({
    files: [...builds.map((path) => file(path)), file(metadata, DOCUMENT), file(nightly.build)],
    fault: (path) =>
      path === `${CANDIDATE}/fr/` || path === nightly.metadata
        ? new Response("Try later", { status: 503, headers: { "retry-after": "0" } })
        : undefined,
  });
  const failure = await lambda.invoke(eventOf(metadata, nightly.build));
  assert(failure instanceof EventFailure, String(failure));
  assertStringIncludes(failure.message, "2 of 2 objects failed");
  assertEquals(
    new Set([...(await lambda.records()).values()].map(({ target }) => target.locale)),
    new Set(["de", "en-US", "ja", "ca-valencia"]),
  );
  const logs = lambda.logs.join("");
  assertStringIncludes(logs, `${CANDIDATE}/fr/: server replied 503`);
  assertStringIncludes(logs, `${nightly.metadata}: server replied 503`);
  assertStringIncludes(logs, "2 objects = 0 done + 0 ignored + 2 failed");
  assertStringIncludes(logs, "5 builds = 4 created + 0 existing + 0 incomplete + 1 failed");
});

Deno.test("s3Event() fails only the message whose record can't be stored", async () => {
  const pairs = [0, 3, 4].map((at) => PAIRS[at]!);
  const [poisonous, ...others] = pairs;
  await using lambda = await startFunction({
    files: pairs.flatMap((pair) => {
      const document = DOCUMENTS.get(pair.metadata) ?? DOCUMENT;
      const moz = pair === poisonous ? { moz_source_stamp: "abc\0" } : {};
      return [file(pair.build), file(pair.metadata, { ...document, ...moz })];
    }),
  });
  const messages = pairs.map(({ build, id }) => [id, eventOf(build)] as const);
  assertEquals(await lambda.invoke(sqsEvent(Object.fromEntries(messages))), {
    batchItemFailures: [{ itemIdentifier: poisonous!.id }],
  });
  assertEquals([...(await lambda.records()).keys()].sort(), others.map(({ id }) => id).sort());
  const refused = `Refused ${poisonous!.id}: source.revision has a NUL (U+0000)`;
  assertStringIncludes(lambda.logs.join(""), refused);
});

Deno.test("s3Event() answers SQS with what failed, and nothing else", async () => {
  const { build, metadata, id } = PAIRS[0]!;
  await using lambda = await startFunction({ files: [file(build), file(metadata, DOCUMENT)] });
  const answer = await lambda.invoke(sqsEvent({
    good: eventOf(build),
    broken: "{",
    test: { Event: "s3:TestEvent" },
    unknown: eventOf("pub/firefox/releases/52.0/SHA512SUMS"),
    removed: { Records: [s3Record(build, { eventName: "ObjectRemoved:Delete" })] },
    sizeless: { Records: [s3Record(build, { size: "big" })] },
    mixed: { Records: [null, s3Record(metadata)] },
  }));
  assertEquals(answer, {
    batchItemFailures: [
      { itemIdentifier: "broken" },
      { itemIdentifier: "mixed" },
      { itemIdentifier: "sizeless" },
    ],
  });
  assertEquals([...(await lambda.records()).keys()], [id]);
  assertStringIncludes(lambda.logs.join(""), "8 objects = 2 done + 3 ignored + 3 failed");
  assertStringIncludes(lambda.logs.join(""), `${id}: its size isn't told`);
});

Deno.test("s3Event() fails whole when a message can't be named", async () => {
  await using lambda = await startFunction({ files: [] });
  const event = { Records: [{ eventSource: "aws:sqs", body: "{" }] };
  assert(await lambda.invoke(event) instanceof EventFailure);
});

Deno.test("s3Event() tells a record that Kinto refuses", async () => {
  const { build, metadata, id } = PAIRS[0]!;
  await using lambda = await startFunction(
    { files: [file(build), file(metadata, DOCUMENT)] },
    { COLLECTION: "missing" },
  );
  const failure = await lambda.invoke(eventOf(build));
  assert(failure instanceof EventFailure, String(failure));
  assertStringIncludes(failure.message, `Refused ${id}: server replied 40`);
});

Deno.test.each([
  { name: "a page", body: "<!DOCTYPE html>" },
  { name: "an error", body: "<Error><Code>InternalError</Code></Error>" },
  { name: "nothing", body: "" },
  { name: "null", body: "null" },
  { name: "a list", body: "[]" },
])(
  "s3Event() fails for a document that is answered as $name, so it comes again",
  async ({ body }) => {
    const { build, metadata, id } = PAIRS[0]!;
    const document = file(metadata, DOCUMENT);
    await using lambda = await startFunction({ files: [file(build), { ...document, body }] }, {
      NB_RETRY_REQUEST: "0",
    });
    const event = sqsEvent({ build: eventOf(build), metadata: eventOf(metadata) });
    const { batchItemFailures } = await lambda.invoke(event) as { batchItemFailures: unknown[] };
    assertEquals(
      new Set(batchItemFailures),
      new Set(["build", "metadata"].map((itemIdentifier) => ({ itemIdentifier }))),
    );
    assertStringIncludes(lambda.logs.join(""), `${metadata}: Cannot read`);
    assertEquals(await lambda.records(), new Map());
    lambda.archive.tree.put(document);
    assertEquals(await lambda.invoke(event), { batchItemFailures: [] });
    assertEquals([...(await lambda.records()).keys()], [id]);
  },
);

Deno.test("s3Event() ignores what isn't metadata though it's named so", async () => {
  const { build, metadata } = PAIRS[0]!;
  await using lambda = await startFunction({ files: [file(build), file(metadata, {})] });
  const answer = await lambda.invoke(eventOf(build, metadata));
  assert(!(answer instanceof Error), String(answer));
  assertStringIncludes(lambda.logs.join(""), `${metadata} is no build metadata`);
  assertEquals(await lambda.records(), new Map());
});

Deno.test.each([
  { name: "not there", files: [] },
  { name: "without any file for the platform", files: [file(`${NIGHTLY}-l10n/README`)] },
])("s3Event() takes an -l10n folder $name as normal", async ({ files }) => {
  const { build, metadata, id } = PAIRS[3]!;
  await using lambda = await startFunction({
    files: [
      file(build),
      file(build.replace("linux-x86_64", "linux-i686")),
      file(metadata, DOCUMENTS.get(metadata)),
      ...files,
    ],
  });
  const answer = await lambda.invoke(eventOf(metadata));
  assert(!(answer instanceof Error), String(answer));
  assertEquals([...(await lambda.records()).keys()], [id]);
});

Deno.test("s3Event() applies PRODUCTS", async () => {
  const { build, metadata } = PAIRS[0]!;
  await using lambda = await startFunction(
    { files: [file(build), file(metadata, DOCUMENT)] },
    { PRODUCTS: "thunderbird" },
  );
  await lambda.invoke(eventOf(build, metadata));
  assertEquals(await lambda.records(), new Map());
  assertStringIncludes(lambda.logs.join(""), "product not asked for");
});
