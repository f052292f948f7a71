import { assert, assertEquals } from "@std/assert";
import { modernArchive } from "../servers/modern_archive.ts";
import { eventOf, startFunction } from "./s3_event_setup.ts";

const { files, builds } = modernArchive({ versions: [130, 130], locales: ["en-US", "fr"] });

Deno.test.each([
  {
    name: "a release",
    ending: "releases/130.0/mac/en-US/buildhub.json",
    of: /releases\/130\.0\/mac\//,
  },
  {
    name: "a candidate",
    ending: "build2/win64/en-US/buildhub.json",
    of: /build2\/win64\//,
  },
  {
    name: "a nightly",
    ending: "en-US.mac.buildhub.json",
    of: /mozilla-central(-l10n)?\/[^/]+\.mac\./,
  },
])("s3Event() completes the builds that the buildhub.json of $name describes", async (given) => {
  const documents = files.map(({ path }) => path).filter((path) =>
    path.endsWith(given.ending) && !path.includes("oak")
  );
  const expected = [...builds.values()].filter(({ path }) => given.of.test(path));
  await using lambda = await startFunction({ files });
  const answer = await lambda.invoke(eventOf(...documents));
  assert(!(answer instanceof Error), String(answer));
  const records = await lambda.records();
  assertEquals([...records.keys()].sort(), expected.map(({ id }) => id).sort());
  for (const { id, buildId, number } of expected) {
    const { build } = records.get(id)!;
    assertEquals([build?.id, build?.number], [buildId, number]);
  }
});
