import { type SearchedRecord, valueAt } from "../../../../src/server/search/dsl/record_index.ts";
import type { Random } from "../../random.ts";

type Body = Record<string, unknown>;

const KEYWORDS = [
  ...["source.product", "source.tree", "source.revision", "source.repository", "target.platform"],
  ...["target.os", "target.locale", "target.version", "target.channel", "download.url"],
  ...["download.mimetype", "build.id", "build.as", "build.cc", "id"],
];
const FEW_VALUES = [
  ...["source.product", "source.tree", "target.platform", "target.os", "target.channel"],
  ...["target.version", "target.locale", "download.mimetype", "build.as"],
];
const LONGS = ["download.size", "build.number", "schema"];
const DATES = ["download.date", "build.date", "last_modified"];
const NO_FIELDS = ["target", "nothing", "target.nothing", "source.product.more"];

/** Requests of all kinds that are supported, and some that are malformed. */
export class RandomRequests {
  readonly #random: Random;
  readonly #records: readonly SearchedRecord[];

  constructor(random: Random, records: readonly SearchedRecord[]) {
    this.#random = random;
    this.#records = records;
  }

  /** The body of a request. */
  next(): Body {
    const random = this.#random;
    const body: Body = {};
    if (random.chance(0.85)) body.query = this.query(3);
    if (random.chance(0.1)) body.post_filter = this.query(1);
    body.size = random.pick([0, 0, 1, 3, 10, 10, 30, 100]);
    if (random.chance(0.3)) body.from = random.pick([0, 1, 5, 50, 1990]);
    if (random.chance(0.5)) body.sort = this.#sort();
    if (random.chance(0.3)) body._source = this.#source();
    if (random.chance(0.5)) body[random.pick(["aggs", "aggregations"])] = this.#aggregations(4);
    if (random.chance(0.03)) body.track_scores = true;
    return random.chance(0.1) ? this.#damage(body) as Body : body;
  }

  /** A query with as many levels. */
  query(depth: number): Body {
    const random = this.#random;
    if (depth > 0 && random.chance(0.4)) return { bool: this.#bool(depth) };
    const keyword = random.pick(KEYWORDS);
    switch (random.below(16)) {
      case 0:
        return { match_all: random.chance(0.2) ? { boost: 2 } : {} };
      case 1:
        return { match_none: {} };
      case 2:
      case 3:
        return { terms: { [this.#anyField()]: this.#values(random.below(5)) } };
      case 4:
      case 5:
        return { range: { [random.pick([...KEYWORDS, ...LONGS, ...DATES])]: this.#range() } };
      case 6:
        return { range: this.#fittingRange() };
      case 7:
        return { regexp: { [keyword]: this.#option(this.#regexp(keyword), "value") } };
      case 8:
        return { prefix: { [keyword]: this.#option(this.#part(keyword), "value", "prefix") } };
      case 9:
        return { wildcard: { [keyword]: this.#option(this.#wildcard(keyword), "value") } };
      case 10: {
        const field = this.#anyField();
        return { match: { [field]: this.#option(this.value(field), "query") } };
      }
      case 11:
        return {
          ids: { values: this.#list(() => random.chance(0.8) ? this.#record().id : "none") },
        };
      case 12:
        return {
          exists: { field: random.pick([this.#anyField(), "build", "target", "build.*", "nope*"]) },
        };
      case 13:
        return { query_string: this.#queryString() };
      case 14:
        return { constant_score: { filter: this.query(depth - 1), boost: 1.5 } };
      default: {
        const field = this.#anyField();
        return { term: { [field]: this.#option(this.value(field), "value") } };
      }
    }
  }

  #bool(depth: number): Body {
    const random = this.#random;
    const body: Body = {};
    for (const name of ["must", "filter", "should", "must_not"]) {
      if (random.chance(0.45)) {
        body[name] = random.chance(0.2)
          ? this.query(depth - 1)
          : Array.from({ length: random.below(4) }, () => this.query(depth - 1));
      }
    }
    if (random.chance(0.2)) {
      body.minimum_should_match = random.pick([
        ...[0, 1, 2, 3, -1, "1", "50%", "-25%", "75%", "2<75%", "1<-1 3<50%", "100%"],
      ]);
    }
    if (random.chance(0.05)) body.boost = random.pick([2, 0.5, "3"]);
    if (random.chance(0.02)) body.adjust_pure_negative = random.chance(0.5);
    return body;
  }

  /** A value that some record has in a field, or a similar one. */
  value(field: string): unknown {
    const random = this.#random;
    if (random.chance(0.03)) {
      return random.pick<unknown>([
        "",
        "x",
        5,
        1.5,
        true,
        "now",
        "2016",
        "1e3",
        -3,
        "NaN",
        "é",
        " 1",
      ]);
    }
    const value = valueAt(this.#record(), field);
    if (value === undefined || typeof value === "object") {
      return random.pick<unknown>(["firefox", 3, "2017-06-02", "55.0"]);
    }
    if (typeof value === "number" && random.chance(0.2)) return String(value);
    if (DATES.includes(field) && typeof value === "string" && random.chance(0.3)) {
      return random.pick([value.slice(0, 10), value.slice(0, 7), Date.parse(value)]);
    }
    return value;
  }

  #record(): SearchedRecord {
    return this.#random.pick(this.#records);
  }

  #anyField(): string {
    const random = this.#random;
    if (random.chance(0.04)) return random.pick(NO_FIELDS);
    if (random.chance(0.5)) return random.pick(FEW_VALUES);
    return random.pick([...KEYWORDS, ...LONGS, ...DATES]);
  }

  #values(count: number): unknown[] {
    const field = this.#anyField();
    return Array.from({ length: count }, () => this.value(field));
  }

  #list<Item>(make: () => Item): Item[] {
    return Array.from({ length: this.#random.below(4) }, make);
  }

  /** A value on its own, or in an object with options. */
  #option(value: unknown, ...names: string[]): unknown {
    const random = this.#random;
    if (random.chance(0.75)) return value;
    const option: Body = { [random.pick(names)]: value };
    if (random.chance(0.3)) option.boost = random.pick([1, 2, 0.5]);
    return option;
  }

  #range(): Body {
    const field = this.#anyField();
    return this.#bounds(() => this.value(field));
  }

  #fittingRange(): Body {
    const random = this.#random;
    const field = random.pick([...DATES, ...LONGS, "target.version", "build.id", "build.number"]);
    const range = this.#bounds(() => this.value(field));
    if (DATES.includes(field) && random.chance(0.4)) {
      const dates = [
        ...["2016", "2016-02", "2016-02-29", "2016-02-30", "2016-03-01T10", "2016-03-01T10:20"],
        ...["2016-03-01T10:20:30.5Z", "2016-03-01T10:20:30+02:00", "now", "now-1d", "now/d"],
        ...["2016-01-31||+1M", "2016-05-05||/M", "2016-05-05||/w", "2016-05-05||+1d-2h/d"],
        ...["2016-13-01", "2016-1-1", "1456790400000", "20160301", "x", "||", "2016||+1", "now+"],
        ...["2016-05-05||/y", "2014-12-30||-1y/y", "2016-02-29||-1y", "now-3y/M"],
      ];
      for (const name of Object.keys(range)) range[name] = random.pick(dates);
      if (random.chance(0.2)) range.time_zone = random.pick(["+01:00", "-03:30", "UTC"]);
      if (random.chance(0.2)) {
        range.format = random.pick(["yyyy-MM-dd", "yyyy", "epoch_millis", "yyyy-MM||yyyy-MM-dd"]);
      }
    }
    return { [field]: range };
  }

  #bounds(value: () => unknown): Body {
    const random = this.#random;
    const body: Body = {};
    if (random.chance(0.75)) body[random.pick(["gt", "gte", "gte", "from"])] = value();
    if (random.chance(0.75)) body[random.pick(["lt", "lte", "lte", "to"])] = value();
    if (random.chance(0.03)) body.include_lower = random.chance(0.5);
    if (random.chance(0.03)) body.gte = null;
    return body;
  }

  #part(field: string): string {
    return String(this.value(field)).slice(0, 1 + this.#random.below(6));
  }

  #wildcard(field: string): string {
    const random = this.#random;
    const text = String(this.value(field));
    const at = random.below(text.length + 1);
    return random.pick([
      ...[
        `${text.slice(0, at)}*`,
        `*${text.slice(at)}`,
        `${text.slice(0, at)}?${text.slice(at + 1)}`,
      ],
      ...["*", "?*", `${text}*`, `${text.slice(0, at)}*${text.slice(at + 2)}`, "\\*", text],
    ]);
  }

  #regexp(field: string): string {
    const random = this.#random;
    const text = String(this.value(field)).replace(/[.*+?(){}[\]|\\~&#@<>"]/g, "\\$&");
    const at = random.below(text.length + 1);
    const start = /\\$/.test(text.slice(0, at)) ? text : text.slice(0, at);
    return random.pick([
      ...[
        `${start}.*`,
        `.*${text}`,
        text,
        `"${String(this.value(field))}"`,
        `[0-9]+".0a1"`,
        "[0-9]+.*",
      ],
      ...[`(${text}|x.*)`, `${start}.{0,12}`, `${start}[^a-f]+`, "@", "#", "~(.*0.*)", "[a-z]{2}"],
      ...[
        "[0-9]+\\.[0-9](a|b)?[0-9]*",
        "<30-45>\\.0.*",
        "<5-38>.*",
        "<08-45>\\.0",
        "(mac|linux).*&.*x.*",
      ],
      ...[
        "~fr",
        "...?",
        "[a-c]+.*",
        "a|b|fr|de",
        "()",
        "x{2,1}",
        "(fr)?",
        "[^-]+",
        "~(fr|de)&..",
        "2016.*",
      ],
      ...[
        "(",
        ")",
        "[",
        "a{",
        "a{2",
        "<1-",
        "<x-y>",
        "a**",
        '"',
        "\\",
        "|",
        "a|",
        "*",
        "&",
        "[]",
        "[z-a]",
      ],
    ]);
  }

  #queryString(): Body {
    const random = this.#random;
    const body: Body = { query: this.#luceneText(2) };
    if (random.chance(0.5)) body.default_operator = random.pick(["AND", "and", "OR", "or"]);
    const defaults = random.next();
    if (defaults < 0.3) body.default_field = this.#anyField();
    if (defaults > 0.8) {
      body.fields = [random.pick(FEW_VALUES), random.pick([...FEW_VALUES, ...LONGS, "build.*"])];
    }
    if (random.chance(0.1)) body.lenient = random.chance(0.5);
    if (random.chance(0.05)) body.minimum_should_match = random.pick([1, 2, "50%"]);
    if (random.chance(0.05)) body.allow_leading_wildcard = false;
    return body;
  }

  #luceneText(depth: number): string {
    const random = this.#random;
    const parts = Array.from({ length: 1 + random.below(4) }, () => {
      const modifier = random.pick(["", "", "", "", "+", "-", "NOT ", "!"]);
      const boost = random.pick(["", "", "", "", "", "^2", "^0.5"]);
      if (depth > 0 && random.chance(0.2)) {
        return `${modifier}(${this.#luceneText(depth - 1)})${boost}`;
      }
      return modifier + this.#luceneTerm() + boost;
    });
    return parts.reduce((text, part) =>
      text + random.pick([" ", " ", " AND ", " OR ", " && ", " || ", "  "]) + part
    );
  }

  #luceneTerm(): string {
    const random = this.#random;
    const field = random.pick([...FEW_VALUES, ...FEW_VALUES, ...KEYWORDS, ...LONGS, ...DATES]);
    const name = random.pick([`${field}:`, `${field}:`, `${field}:`, ""]);
    const plain = String(this.value(field));
    const text = plain.replace(/[+\-!(){}[\]^"~*?:\\/ ]/g, "\\$&");
    const other = String(this.value(field)).replace(/[ \]}"]/g, "");
    const at = random.below(Math.min(5, plain.length) + 1);
    const start = plain.slice(0, at).replace(/[+\-!(){}[\]^"~*?:\\/ ]/g, "\\$&");
    return name + random.pick([
      ...[
        text,
        text,
        text,
        text,
        `"${plain.replace(/["\\]/g, "\\$&")}"`,
        `${start}*`,
        `${start}?*`,
        "*",
      ],
      ...[
        `[${other} TO *]`,
        `{* TO "${other}"}`,
        `[${other} TO ${other}x}`,
        `>=${text}`,
        `<${text}`,
        `>${text}`,
      ],
      ...[`/${start}.*/`, `(${text} OR fr)`, "(a b c)", "firefox", "fr de", "\\u0066r", "win32"],
      ...[
        `"fr de"~2`,
        "AND",
        "OR",
        ")",
        "(",
        "a:b:c",
        '"',
        "[1 TO",
        "a^",
        "\\",
        "/a",
        "+ fr",
        "*:*",
      ],
      ...["_exists_:build.number", "target.*:fr", "nothing:x", "build.id:2016*", "a^2.5", "!", "-"],
      ...["target.channel:(beta release)", "NOT", "&&", "~", "fr^", "*r", "f?"],
    ]);
  }

  #sort(): unknown {
    const random = this.#random;
    const one = () => {
      const field = random.pick([
        ...[...KEYWORDS, ...LONGS, ...DATES, ...FEW_VALUES],
        ...["_score", "_doc", "build.id", "download.date", "build.number", "build.number"],
      ]);
      if (random.chance(0.3)) return field;
      const order = random.pick(["asc", "desc", "desc", "DESC"]);
      if (random.chance(0.4)) return { [field]: order };
      const options: Body = random.chance(0.8) ? { order } : {};
      if (!field.startsWith("_") && random.chance(0.3)) {
        options.missing = random.pick(["_first", "_last"]);
        if (random.chance(0.2)) options.missing = this.value(field);
      }
      if (random.chance(0.1)) options.unmapped_type = random.pick(["keyword", "long", "date"]);
      if (random.chance(0.05)) options.mode = random.pick(["min", "max"]);
      if (random.chance(0.03)) return { [random.pick(NO_FIELDS)]: options };
      return { [field]: options };
    };
    return random.chance(0.5) ? one() : Array.from({ length: 1 + random.below(3) }, one);
  }

  #source(): unknown {
    const random = this.#random;
    const path = () =>
      random.pick([
        ...[
          "target",
          "target.*",
          "build.id",
          "*.id",
          "*",
          "id",
          "source.rev*",
          "*e*",
          "nope",
          "build",
        ],
        ...["download.date", "t*.v*n", "target.version", "last_modified", "target.version.x", ""],
      ]);
    const paths = () => random.chance(0.5) ? path() : this.#list(path);
    return random.pick<() => unknown>([
      () => random.chance(0.5),
      path,
      () => this.#list(path),
      () => ({ includes: paths() }),
      () => ({ includes: paths(), excludes: paths() }),
      () => ({ exclude: paths() }),
    ])();
  }

  #aggregations(depth: number): Body {
    const random = this.#random;
    const count = depth === 4 ? 1 + random.below(2) : 1;
    return Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`a${index}`, this.#aggregation(depth)]),
    );
  }

  #aggregation(depth: number): Body {
    const random = this.#random;
    const inner = depth > 1 && random.chance(0.6)
      ? { [random.pick(["aggs", "aggregations"])]: this.#aggregations(depth - 1) }
      : {};
    if (random.chance(0.03)) Object.assign(inner, { meta: { a: 1 } });
    // Deep within others, fields of many values would need more memory than Elasticsearch has.
    const field = depth > 2
      ? random.pick([...FEW_VALUES, ...FEW_VALUES, ...LONGS, ...DATES, "build.id", "nothing"])
      : random.pick([...FEW_VALUES, "build.number", "schema"]);
    switch (random.below(11)) {
      case 0:
        return { filter: this.query(1), ...inner };
      case 1: {
        const filters = random.chance(0.5)
          ? { b: this.query(1), a: this.query(0) }
          : [this.query(0), this.query(1)];
        const options: Body = {};
        if (random.chance(0.3)) options.other_bucket = random.chance(0.7);
        if (random.chance(0.2)) options.other_bucket_key = "rest";
        return { filters: { filters, ...options }, ...inner };
      }
      case 2: {
        const options: Body = {};
        if (random.chance(0.1)) options.missing = this.value(field);
        return { cardinality: { field, ...options } };
      }
      case 3: {
        const numbers = random.pick([...LONGS, ...DATES]);
        const options: Body = {};
        if (DATES.includes(numbers) && random.chance(0.2)) options.format = "yyyy-MM";
        if (random.chance(0.1)) options.missing = this.value(numbers);
        return { [random.pick(["min", "max"])]: { field: numbers, ...options } };
      }
      case 4:
        return {
          top_hits: {
            size: 1 + random.below(3),
            ...random.chance(0.5) && { sort: this.#sort() },
            ...random.chance(0.7) && { _source: this.#source() },
            ...random.chance(0.2) && { from: random.below(3) },
          },
        };
      case 5:
        return depth === 4 ? { global: {}, ...inner } : { filter: this.query(0), ...inner };
      case 6:
      case 7: {
        const interval = random.pick([
          "year",
          "year",
          "month",
          "week",
          "1M",
          "quarter",
          "1y",
          "90d",
        ]);
        const options: Body = { interval };
        if (depth < 4 || random.chance(0.5)) options.min_doc_count = random.pick([1, 2]);
        if (random.chance(0.2)) {
          options.format = random.pick(["yyyy-MM-dd", "yyyy", "epoch_millis"]);
        }
        if (random.chance(0.1)) options.keyed = true;
        if (random.chance(0.2)) options.order = this.#order();
        const field = random.pick(["download.date", "build.date"]);
        // By day and from 1960 on, there would be very many.
        if (random.chance(0.1)) {
          return {
            date_histogram: { ...options, field, interval: "day", min_doc_count: 1 },
            ...inner,
          };
        }
        return { date_histogram: { field, ...options }, ...inner };
      }
      default: {
        const options: Body = {};
        if (random.chance(0.6)) options.size = random.pick([1, 2, 5, 10, 50, 1000]);
        if (random.chance(0.4)) options.order = this.#order();
        if (random.chance(0.15)) options.missing = this.value(field);
        if (random.chance(0.05)) {
          options.min_doc_count = random.pick([depth === 4 ? 0 : 1, 1, 2, 5]);
        }
        if (random.chance(0.05)) options.show_term_doc_count_error = true;
        if (random.chance(0.15)) options.include = this.#termFilter(field);
        if (random.chance(0.1)) options.exclude = this.#termFilter(field);
        if (DATES.includes(field) && random.chance(0.2)) options.format = "yyyy-MM-dd";
        return { terms: { field, ...options }, ...inner };
      }
    }
  }

  #order(): unknown {
    const random = this.#random;
    const one = () => ({
      [random.pick(["_count", "_key", "_term"])]: random.pick(["asc", "desc"]),
    });
    return random.chance(0.8) ? one() : [one(), one()];
  }

  #termFilter(field: string): unknown {
    return this.#random.chance(0.5) ? this.#regexp(field) : this.#list(() => this.value(field));
  }

  /** Replaces something anywhere by what shouldn't be there. */
  #damage(value: unknown): unknown {
    const random = this.#random;
    if (typeof value !== "object" || value === null || random.chance(0.15)) {
      return random.pick<unknown>([null, 5, "x", [], {}, -1, true, [[]], { x: 1 }, 1e12, "", [
        null,
      ]]);
    }
    if (Array.isArray(value)) {
      if (value.length === 0) return [{}];
      const at = random.below(value.length);
      return value.map((item, index) => index === at ? this.#damage(item) : item);
    }
    const entries = Object.entries(value);
    if (entries.length === 0) return { x: {} };
    const at = random.below(entries.length);
    if (random.chance(0.1)) {
      return Object.fromEntries([...entries, ["unknown", random.pick([1, {}])]]);
    }
    if (random.chance(0.1)) entries[at]![0] = random.pick(["x", "term", "field", "_name", "boost"]);
    else entries[at]![1] = this.#damage(entries[at]![1]);
    return Object.fromEntries(entries);
  }
}
