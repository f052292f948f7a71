import denoJson from "../../deno.json" with { type: "json" };

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
      "a Kinto collection, and any client of Kinto reads them; the search is Elasticsearch’s, as " +
      "the plugin kinto-elasticsearch has it.",
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
        inQuery(
          "_limit",
          "the most records in the answer; the header Next-Page has the address of the next ones",
        ),
      ],
      "Records",
    ),
    [`${RECORDS}/{id}`]: get("One build", [...PLACE, inPath("id")], "Record", ["404"]),
    "/buckets/{bucket}/collections/{collection}/search": {
      ...get(
        "Searches builds by a text in Lucene’s syntax",
        [
          ...PLACE,
          inQuery("q", "build.id:2017* AND NOT target.locale:en-US; without it, all builds"),
        ],
        "SearchAnswer",
        ["400"],
      ),
      ...post(
        "Searches and counts builds, by Elasticsearch’s query DSL",
        PLACE,
        "SearchRequest",
        "SearchAnswer",
        ["400"],
      ),
    },
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
      SearchRequest: {
        type: "object",
        description: "As for Elasticsearch 6. What isn’t supported is an error that names it",
        properties: {
          query: {
            type: "object",
            description:
              "bool, term, terms, range, prefix, wildcard, regexp, match, match_all, ids, " +
              "exists or query_string",
          },
          post_filter: { type: "object", description: "A query for hits, not for aggregations" },
          aggs: {
            type: "object",
            description:
              "By name: terms, filter, filters, date_histogram, cardinality, min, max, " +
              "top_hits or global, nested to any depth",
          },
          sort: { description: 'Fields, with an order each: [{"build.id": "desc"}]' },
          size: { type: "integer", description: "The most builds in the answer" },
          from: {
            type: "integer",
            description: "How many builds to skip; with size, at most 10,000",
          },
          _source: { description: "The fields of builds that are needed" },
        },
      },
      SearchAnswer: {
        type: "object",
        required: ["took", "timed_out", "_shards", "hits"],
        properties: {
          took: { type: "integer", description: "Milliseconds" },
          timed_out: { type: "boolean" },
          _shards: { type: "object" },
          hits: {
            type: "object",
            required: ["total", "hits"],
            properties: {
              total: { type: "integer", description: "How many builds match" },
              max_score: { type: ["number", "null"] },
              hits: {
                type: "array",
                items: {
                  type: "object",
                  required: ["_id", "_source"],
                  properties: {
                    _id: { type: "string" },
                    _score: { type: ["number", "null"] },
                    _source: ref("Build"),
                  },
                },
              },
            },
          },
          aggregations: { type: "object", description: "By the names of the request" },
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

/** What an operation takes and answers. */
export interface Operation {
  summary: string;
  parameters: { name: string; in: string; description: string }[];
  responses: Record<string, { description: string; content: ReturnType<typeof json> }>;
  requestBody?: { required: boolean; content: ReturnType<typeof json> };
}

function json(schema: string) {
  return { "application/json": { schema: ref(schema) } };
}

/** @param errors statuses */
function get(
  summary: string,
  parameters: Operation["parameters"],
  schema: string,
  errors: readonly string[] = [],
): { get: Operation } {
  const failures = errors.map((status) => [
    status,
    { description: "What is wrong", content: json("Error") },
  ]);
  const responses = {
    200: { description: summary, content: json(schema) },
    ...Object.fromEntries(failures),
  };
  return { get: { summary, parameters, responses } };
}

function post(
  summary: string,
  parameters: Operation["parameters"],
  requestSchema: string,
  schema: string,
  errors: readonly string[],
): { post: Operation } {
  const operation = get(summary, parameters, schema, errors).get;
  return { post: { ...operation, requestBody: { required: true, content: json(requestSchema) } } };
}
