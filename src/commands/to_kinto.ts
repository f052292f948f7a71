import { counted } from "../errors/counted.ts";
import { interruptedAfter } from "../reporting/summary.ts";
import { batches } from "../kinto/batches.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { KnownRecords } from "../kinto/known_records.ts";
import { Outcome } from "../kinto/outcome.ts";
import { publisher } from "../kinto/publisher.ts";
import { recordLines } from "../kinto/record_lines.ts";
import { valid } from "../kinto/record_schema.ts";
import { refreshKnownRecords } from "../kinto/refresh_known_records.ts";
import { targetValidator } from "../kinto/target_validator.ts";
import { unchanged } from "../kinto/unchanged.ts";
import { COLLECTION, KINTO_CLIENT } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `to-kinto`: publishes records from stdin. */
export const command = defineCommand({
  summary: "publish records from stdin to Kinto",
  description: `Reads {"data": {…}} lines and writes each record to the collection, in batches: with
an id it's created or replaced, without one it's created. Records are validated against the
collection's schema first. A record that is refused is logged with the reason, and the others are
published. Records read = published + unchanged + refused.`,
  example: "buildhub to-kinto --skip --server http://localhost:8888/v1 < records.jsonl",
  settings: [...KINTO_CLIENT, ...COLLECTION, "cacheFolder"],
  flags: [{ name: "skip", help: "skip records that the collection already has" }],
  async run({ config, flags, log, stdin, signal }) {
    const kinto = kintoFrom(config, log);
    const { bucket, collection } = config;
    const to = { bucket, collection };
    const outcome = new Outcome((name, reason) => log.error(`Refused ${name}: ${reason}`));
    const { batchMaxRequests } = await kinto.info();
    const validate = await targetValidator(kinto, to, log);
    using known = flags.skip
      ? await KnownRecords.open({ folder: config.cacheFolder, server: kinto.url, ...to, log })
      : undefined;
    using _ = log.telemetry.follow(() => outcome.totals());
    try {
      let records = stdin.pipeThrough(recordLines(outcome)).pipeThrough(valid(validate, outcome));
      if (known) {
        await refreshKnownRecords(known, kinto, { ...to, log });
        records = records.pipeThrough(unchanged(known, outcome));
      }
      await records.pipeThrough(batches(batchMaxRequests))
        .pipeTo(publisher(kinto, { to, outcome }), { signal });
    } finally {
      log.summary([
        ...signal.aborted ? [interruptedAfter(counted(outcome.read, "records"))] : [],
        { ...outcome.sum, label: "to-kinto" },
      ]);
    }
    return outcome.refused > 0 ? 1 : 0;
  },
});
