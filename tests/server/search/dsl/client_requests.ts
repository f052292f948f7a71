/** What a program asks for. */
export interface ClientRequest {
  client: string;
  body: Record<string, unknown>;
}

const NIGHTLY = [
  { term: { "source.product": "firefox" } },
  { term: { "target.channel": "nightly" } },
];

/** The requests of the programs that were found using the search of Buildhub or Buildhub2. */
export const CLIENT_REQUESTS: readonly ClientRequest[] = [
  {
    client: "libmozdata, all versions of a product",
    body: {
      aggs: {
        products: {
          filter: {
            bool: {
              must: [
                { term: { "source.product": "firefox" } },
                { term: { "target.channel": "beta" } },
              ],
            },
          },
          aggs: {
            versions: {
              terms: {
                field: "target.version",
                size: 1000,
                order: { _term: "desc" },
                include: "5[0-9].*",
              },
            },
          },
        },
      },
      size: 0,
    },
  },
  {
    client: "libmozdata, everything",
    body: {
      aggs: {
        all: {
          filter: { match_all: {} },
          aggs: { ids: { terms: { field: "build.id", size: 1000, order: { _term: "desc" } } } },
        },
        one: {
          filter: { term: { "target.channel": "release" } },
          aggs: { ids: { terms: { field: "build.id", size: 1000, order: { _term: "desc" } } } },
        },
      },
      size: 0,
    },
  },
  {
    client: "probe-scraper",
    body: {
      query: {
        bool: {
          filter: [
            { term: { "source.product": "firefox" } },
            { term: { "target.locale": "en-US" } },
            { range: { "target.version": { gte: "30", lt: "60" } } },
            {
              bool: {
                should: [
                  { bool: { must: [{ term: { "target.channel": "release" } }] } },
                  {
                    bool: {
                      must: [
                        { term: { "target.channel": "beta" } },
                        { prefix: { "target.version": "5" } },
                      ],
                    },
                  },
                ],
              },
            },
          ],
        },
      },
      _source: ["download.date", "source", "target.version"],
      size: 1000,
      from: 0,
      sort: [{ "download.date": { order: "asc" } }],
    },
  },
  {
    client: "crash-clouseau",
    body: {
      aggs: {
        products: {
          terms: { field: "source.product", size: 3 },
          aggs: {
            channels: {
              terms: { field: "target.channel", size: 4 },
              aggs: {
                buildids: {
                  terms: { field: "build.id", size: 7, order: { _term: "desc" } },
                  aggs: {
                    versions: {
                      terms: { field: "target.version", order: { _term: "asc" } },
                      aggs: { revisions: { terms: { field: "source.revision", size: 1 } } },
                    },
                  },
                },
              },
            },
          },
        },
      },
      query: {
        bool: {
          filter: [
            { terms: { "source.product": ["firefox", "fennec", "thunderbird"] } },
            { term: { "target.locale": "en-US" } },
            { range: { "build.id": { gte: "20140101000000" } } },
            { regexp: { "target.version": { value: `[0-9]+".0a1"` } } },
          ],
        },
      },
      size: 0,
    },
  },
  {
    client: "fleet",
    body: {
      size: 1,
      query: {
        bool: {
          must: [
            { term: { "source.product": "firefox" } },
            { term: { "target.channel": "aurora" } },
            { term: { "target.platform": "mac" } },
            { term: { "target.version": "57.0b6" } },
          ],
        },
      },
      sort: [{ "build.id": "desc" }],
      _source: ["build.id"],
    },
  },
  {
    client: "a releases site in PHP",
    body: {
      query: {
        bool: {
          must: [
            { match: { "source.product": "firefox" } },
            { match: { "target.channel": "nightly" } },
            { regexp: { "build.id": "201.*" } },
          ],
        },
      },
      _source: ["build.id", "source.revision", "target.version"],
    },
  },
  {
    client: "bugzy",
    body: {
      post_filter: {
        bool: {
          must: [{ term: { "source.product": "firefox" } }, {
            term: { "target.version": "54.0b1" },
          }],
        },
      },
      sort: [{ "download.date": { order: "asc" } }],
      size: 1,
    },
  },
  {
    client: "a Nix flake",
    body: {
      query: {
        bool: {
          filter: [
            ...NIGHTLY,
            { term: { "source.tree": "mozilla-central" } },
            { term: { "target.platform": "linux-x86_64" } },
          ],
        },
      },
      _source: ["build.id", "source.revision"],
      sort: [{ "build.id": { order: "desc" } }],
      size: 1,
    },
  },
  {
    client: "landed in nightly",
    body: {
      query: {
        query_string: {
          query: "source.product:firefox target.channel:nightly build.id:2018* target.locale:en-US",
          default_operator: "AND",
        },
      },
      sort: [{ "build.id": { order: "asc" } }],
      _source: ["source.revision"],
      size: 30,
    },
  },
  {
    client: "PollBot",
    body: {
      aggs: { by_version: { terms: { field: "build.id", size: 100_000 } } },
      query: { bool: { filter: NIGHTLY } },
      size: 0,
    },
  },
  {
    client: "missioncontrol",
    body: {
      aggs: { buildid: { terms: { field: "download.date", size: 100_000 } } },
      query: { bool: { filter: NIGHTLY } },
      size: 0,
    },
  },
  { client: "anyone, everything", body: {} },
];

/** Queries in Lucene's syntax, as in `?q=`. */
export const QUERY_TEXTS = [
  "firefox",
  "firefox nightly",
  "build.id:2017* AND NOT target.locale:en-US",
  "target.channel:(beta OR release) AND target.os:win",
  "download.size:>60000000",
  "download.date:[2015-01-01 TO 2016-01-01}",
  "target.version:/5[0-9]\\.0/ -target.platform:mac*",
  "_exists_:build.number",
  '"linux-x86_64"',
  "(",
  "download.size:x",
  "",
];
