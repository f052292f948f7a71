import { reasonOf } from "../errors/reason_of.ts";
import { UsageError } from "../errors/usage_error.ts";
import { initialization } from "../kinto/initialization.ts";
import {
  type DescribedObject,
  MAX_DESCRIPTION_BYTES,
  parseDescription,
} from "../kinto/description.ts";
import { boundedText } from "../net/bounded_text.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { load } from "../kinto/load.ts";
import { COLLECTION, KINTO_CLIENT } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `load`: makes a Kinto server match a description. */
export const command = defineCommand({
  summary: "create and update the bucket and the collection in Kinto",
  operands: "[FILE]",
  description:
    `Makes the server match a YAML file of buckets, groups, collections and records, in the
format of kinto-wizard: creates what is missing, changes what differs, and leaves the rest alone.
--bucket and --collection select from FILE. Without FILE it creates the bucket and the collection of
the builds, as BUCKET and COLLECTION.
Prints each change; when run again, there is none. Objects described = created + changed + unchanged.`,
  example: "buildhub load --dry-run --server http://localhost:8888/v1",
  settings: [...KINTO_CLIENT, ...COLLECTION],
  flags: [
    { name: "dry-run", help: "print the changes without making them" },
    { name: "force", help: "write everything as described, without comparing" },
  ],
  async run({ config, given, operands: [file, another], flags, log, signal }) {
    if (another !== undefined) throw new UsageError("load takes one FILE");
    const dryRun = flags["dry-run"] === true;
    const { bucket, collection } = config;
    const objects = file === undefined
      ? await initialization({ bucket, collection })
      : await readDescription(file, {
        bucket: given.has("bucket") ? bucket : undefined,
        collection: given.has("collection") ? collection : undefined,
      });
    const { described, created, changed, unchanged } = await load(
      kintoFrom(config, log, { signal }),
      objects,
      {
        dryRun,
        force: flags.force === true,
        onChange: (change) =>
          log.summary([{ event: "change", text: `${dryRun ? "would " : ""}${change}` }]),
      },
    );
    log.summary([{
      ...{ label: "load", event: "described", count: described },
      parts: { created, changed, unchanged },
      note: dryRun ? "(dry run: nothing was written)" : "",
    }]);
    return 0;
  },
});

async function readDescription(
  file: string,
  filter: { bucket?: string; collection?: string },
): Promise<DescribedObject[]> {
  try {
    const { readable } = await Deno.open(file);
    return await parseDescription(await boundedText(readable, MAX_DESCRIPTION_BYTES), filter);
  } catch (cause) {
    throw new UsageError(`Cannot load ${file}: ${reasonOf(cause)}`, { cause });
  }
}
