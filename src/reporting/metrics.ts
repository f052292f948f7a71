/** One metric: what is measured, and the attributes that tell its values apart. */
export interface Metric {
  kind: "counter" | "histogram" | "gauge";
  /** In UCUM, with braces around what is counted, as OpenTelemetry defines it. */
  unit: string;
  description: string;
  attributes: readonly string[];
}

/** Every metric by name: the table in docs/operate.md, and all that is ever emitted. */
export const METRICS = {
  "buildhub.rows": {
    kind: "counter",
    unit: "{row}",
    description: "rows of inventories; result: ignored, build",
    attributes: ["result"],
  },
  "buildhub.builds": {
    kind: "counter",
    unit: "{build}",
    description: "builds by kind, the layout that read them: nightly, candidate, release, …",
    attributes: ["kind"],
  },
  "buildhub.unknown": {
    kind: "counter",
    unit: "{file}",
    description: "files of a layout that no rule knows",
    attributes: [],
  },
  "buildhub.records": {
    kind: "counter",
    unit: "{record}",
    description: "records; result: published, unchanged, existing, refused, incomplete, failed",
    attributes: ["result"],
  },
  "buildhub.events": {
    kind: "counter",
    unit: "{event}",
    description: "objects that S3 events announced; result: done, ignored, failed",
    attributes: ["result"],
  },
  "buildhub.retries": {
    kind: "counter",
    unit: "{attempt}",
    description:
      "attempts that failed and were repeated; peer: archive, kinto, s3, product-details; " +
      "cause: a status such as 503, timeout, unreadable, conflict, connection",
    attributes: ["peer", "cause"],
  },
  "buildhub.document.duration": {
    kind: "histogram",
    unit: "s",
    description: "asking the archive for a document or folder, attempts and all; " +
      "result: found, missing, failed",
    attributes: ["result"],
  },
  "buildhub.batch.duration": {
    kind: "histogram",
    unit: "s",
    description: "a batch to Kinto, attempts and all; result: answered, failed",
    attributes: ["result"],
  },
  "buildhub.job.duration": {
    kind: "histogram",
    unit: "s",
    description: "a whole job; code: its exit code",
    attributes: ["command", "code"],
  },
  "buildhub.freshness": {
    kind: "gauge",
    unit: "s",
    description: "age of the newest build published; by `status`",
    attributes: ["product", "channel", "platform"],
  },
  "buildhub.lag": {
    kind: "gauge",
    unit: "s",
    description: "from the archive's date of that build to the catalogue; by `status`",
    attributes: ["product", "channel", "platform"],
  },
} as const satisfies Record<string, Metric>;

/** The name of a metric. */
export type MetricName = keyof typeof METRICS;

/** The names of the metrics of one kind. */
export type NameOf<Kind extends Metric["kind"]> = {
  [Name in MetricName]: typeof METRICS[Name]["kind"] extends Kind ? Name : never;
}[MetricName];

/** What tells the values of one metric apart: its attributes, all of them. */
export type AttributesOf<Name extends MetricName> = Readonly<
  Record<typeof METRICS[Name]["attributes"][number], string>
>;

/** The spans by name: what they cover; their attributes. */
export const SPANS = {
  "buildhub.job": "one command, from its start to its end; command, code",
  "buildhub.batch": "one batch to Kinto, its attempts within it; requests",
} as const;
