import { reasonOf } from "../errors/reason_of.ts";
import { UsageError } from "../errors/usage_error.ts";
import { initialization } from "../kinto/initialization.ts";
import { type DescribedObject, parseDescription } from "../kinto/description.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { load } from "../kinto/load.ts";
import type { Command } from "./command.ts";

/** `load`: makes a Kinto server match a description. */
export const command: Command = {
  summary: "create and update the bucket and the collection in Kinto",
  operands: "[FILE]",
  description: `Makes the server match a YAML file of buckets, groups, collections and records, as
kinto-wizard has them: creates what is missing, changes what differs, leaves the rest alone. Without
FILE: the bucket and the collection of releases, under the names of BUCKET and COLLECTION.
Each change is told; run again, there is none. Objects described = created + changed + unchanged.`,
  settings: ["serverUrl", "auth", "retries", "timeoutMs", "maxWaitMs"],
  flags: [
    { name: "dry-run", help: "say what would change, and change nothing" },
    { name: "force", help: "write everything as described, without comparing" },
    { name: "bucket", value: "ID", help: "only this bucket of FILE; or the name to create" },
    {
      name: "collection",
      value: "ID",
      help: "only this collection of FILE; or the name to create",
    },
  ],
  async run({ config, operands: [file, another], flags, log }) {
    if (another !== undefined) throw new UsageError("load takes one FILE");
    const dryRun = flags["dry-run"] === true;
    const filter = {
      bucket: flags.bucket as string | undefined,
      collection: flags.collection as string | undefined,
    };
    const objects = file === undefined
      ? await initialization({
        bucket: filter.bucket ?? config.bucket,
        collection: filter.collection ?? config.collection,
      })
      : await readDescription(file, filter);
    const { described, created, changed, unchanged } = await load(kintoFrom(config, log), objects, {
      dryRun,
      force: flags.force === true,
      onChange: (summary) => log.print(`${dryRun ? "would " : ""}${summary}`),
    });
    log.print(
      `load: ${described} described = ${created} created + ${changed} changed + ` +
        `${unchanged} unchanged${dryRun ? " (dry run: nothing was written)" : ""}`,
    );
    return 0;
  },
};

async function readDescription(
  file: string,
  filter: { bucket?: string; collection?: string },
): Promise<DescribedObject[]> {
  try {
    return await parseDescription(await Deno.readTextFile(file), filter);
  } catch (cause) {
    throw new UsageError(`Cannot load ${file}: ${reasonOf(cause)}`, { cause });
  }
}
