import denoJson from "../../deno.json" with { type: "json" };
import { FACET_NAMES } from "../builds/facets.ts";

const RECORDS = "/buckets/{bucket}/collections/{collection}/records";

const PLACE = ["bucket", "collection"].map((name) => inPath(name));

/** What the server answers, for programs: OpenAPI 3.1, at `/v1/__api__`. */
export const OPENAPI = {
  openapi: "3.1.0",
  info: {
    title: "Buildhub",
    version: denoJson.version,
    description:
      "Builds of Firefox, Thunderbird, Fennec and DevEdition. The records are those of " +
      "a Kinto collection, and any client of Kinto reads them; the search is this server’s own.",
    license: { name: "MPL-2.0" },
  },
  servers: [{ url: "/v1" }],
  paths: {
    "/": get("What the server is, and can do", [], "ServerInfo"),
    [RECORDS]: get(
      "Builds, by Kinto’s filters",
      [
        ...PLACE,
        inQuery("{field}", 'the field has this value; texts in quotes: target.version="57.0"'),
        inQuery("min_{field}", "this or more; also max_, gt_, lt_, not_"),
        inQuery("in_{field}", "one of these, with commas between; also exclude_"),
        inQuery("like_{field}", "with this text in it; stars stand for anything"),
        inQuery("has_{field}", "whether the field is there: true or false"),
        inQuery("_since", "changed after this timestamp (an ETag), deletions included"),
        inQuery("_sort", "fields with commas between; a minus in front: descending"),
        inQuery("_fields", "only these fields"),
        inQuery("_limit", "at most so many; the header Next-Page has the address of the next ones"),
      ],
      "Records",
    ),
    [`${RECORDS}/{id}`]: get("One build", [...PLACE, inPath("id")], "Record", ["404"]),
    "/__search__/{bucket}/{collection}": get(
      "Searches builds, and counts them: 30 a page",
      [
        ...PLACE,
        inQuery(
          "q",
          "words, all of which must be found: products, versions, channels, platforms, locales, " +
            "build ids, revisions, or how one begins. A word that is a whole value means just that",
        ),
        ...FACET_NAMES.map((name) => inQuery(name, "one of these; may be given again")),
        inQuery("from", "published on this day or later: 2017-06-02"),
        inQuery("to", "published on this day or before"),
        inQuery("sort", "published, built or version; a minus in front: descending. -published"),
        inQuery("page", "from 1"),
        inQuery("values", "at most so many values of each facet. 30"),
      ],
      "Found",
      ["304", "400"],
    ),
    "/__search__/{bucket}/{collection}/newest": get(
      "The newest build of each product and channel",
      PLACE,
      "Records",
      ["304"],
    ),
    "/__heartbeat__": get("Whether the server is well", [], "Heartbeat", ["503"]),
    "/__api__": get("This description", [], "OpenApi"),
  },
  components: {
    schemas: {
      Build: {
        type: "object",
        required: ["id", "source", "target", "download"],
        properties: {
          id: { type: "string", examples: ["firefox_52-0_linux-x86_64_fr"] },
          last_modified: { type: "integer", description: "Milliseconds since 1970" },
          source: fields({
            product: "firefox",
            repository: "https://hg.mozilla.org/mozilla-central",
            tree: "mozilla-central",
            revision: "44d6a57ab554",
          }),
          target: fields({
            platform: "linux-x86_64",
            os: "linux",
            locale: "fr",
            version: "52.0",
            channel: "release",
          }),
          download: {
            ...fields({
              url:
                "https://archive.mozilla.org/pub/firefox/releases/52.0/linux-x86_64/fr/firefox-52.0.tar.bz2",
              mimetype: "application/x-bzip2",
              date: "2017-03-07T13:52:17Z",
              size: 57211231,
            }),
          },
          build: fields({
            id: "20170302120751",
            date: "2017-03-02T12:07:51Z",
            number: 2,
            as: "$(CC)",
            cc: "gcc",
            cxx: "g++",
            ld: "ld",
            host: "x86_64-pc-linux-gnu",
            target: "x86_64-pc-linux-gnu",
          }),
        },
      },
      Record: { type: "object", properties: { data: ref("Build") } },
      Records: { type: "object", properties: { data: { type: "array", items: ref("Build") } } },
      Found: {
        type: "object",
        properties: {
          version: { const: 1, description: "Of this form of answer" },
          timestamp: { type: "integer", description: "The collection’s; the ETag is the same" },
          count: { type: "integer" },
          page: { type: "integer" },
          pages: { type: "integer" },
          data: { type: "array", items: ref("Build") },
          facets: {
            type: "object",
            description: "By facet, what there would be without a choice in it",
            properties: Object.fromEntries(FACET_NAMES.map((name) => [name, ref("Facet")])),
          },
          histogram: ref("Histogram"),
        },
      },
      Facet: {
        type: "object",
        properties: {
          total: { type: "integer", description: "How many values there are" },
          values: {
            type: "array",
            items: {
              type: "object",
              properties: { value: { type: "string" }, count: { type: "integer" } },
            },
          },
        },
      },
      Histogram: {
        type: "object",
        description: "Builds published over time",
        properties: {
          unit: { enum: ["day", "week", "month"] },
          starts: { type: "array", items: { type: "string", format: "date" } },
          channels: {
            type: "object",
            additionalProperties: { type: "array", items: { type: "integer" } },
          },
        },
      },
      ServerInfo: { type: "object" },
      Heartbeat: { type: "object" },
      OpenApi: { type: "object" },
      Error: {
        type: "object",
        properties: {
          code: { type: "integer" },
          errno: { type: "integer" },
          error: { type: "string" },
          message: { type: "string" },
        },
      },
    },
  },
};

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

function fields(examples: Record<string, string | number>) {
  const properties = Object.entries(examples).map(([name, example]) => [
    name,
    { type: typeof example === "number" ? "integer" : "string", examples: [example] },
  ]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

function inPath(name: string) {
  return { name, in: "path", required: true, description: "", schema: { type: "string" } };
}

function inQuery(name: string, description: string) {
  return { name, in: "query", required: false, description, schema: { type: "string" } };
}

/** An operation, and its answers; other statuses than 200 are named. */
function get(
  summary: string,
  parameters: { name: string; in: string; description: string }[],
  schema: string,
  others: string[] = [],
) {
  const json = (name: string) => ({ "application/json": { schema: ref(name) } });
  const failures = others.map((status) => [
    status,
    status === "304"
      ? { description: "Nothing changed since the ETag of If-None-Match" }
      : { description: "What is wrong", content: json("Error") },
  ]);
  return {
    get: {
      summary,
      parameters,
      responses: {
        200: { description: summary, content: json(schema) },
        ...Object.fromEntries(failures),
      },
    },
  };
}
