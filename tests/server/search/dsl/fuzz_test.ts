/**
 * Bodies of any shape, depth and size: an answer, or an error with status 400.
 *
 * `SEARCH_SEED` and `SEARCH_REQUESTS` choose other bodies, and more of them.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Random } from "../../random.ts";
import { Engine, releaseMapping } from "./engine.ts";
import { sampleRecords } from "./sample_records.ts";
import { RandomRequests } from "./random_request.ts";

const SEED = Number(Deno.env.get("SEARCH_SEED") ?? 1);
const REQUESTS = Number(Deno.env.get("SEARCH_REQUESTS") ?? 3000);

async function engineOf(random: Random, count: number): Promise<Engine> {
  const records = await sampleRecords(random, count) as { id: string }[];
  return new Engine(
    await releaseMapping(),
    records.map((record, number) => ({ ...record, last_modified: 1_500_000_000_000 + number })),
  );
}

/** A request within itself, as often as asked for. */
function nested(times: number, wrap: (inner: string) => string, inner: string): string {
  let text = inner;
  for (let i = 0; i < times; i++) text = wrap(text);
  return text;
}

const query = (text: string) => `{"query":${text}}`;
const queryText = (text: string) => query(JSON.stringify({ query_string: { query: text } }));
const regexp = (pattern: string) =>
  query(JSON.stringify({ regexp: { "target.version": pattern } }));
const MATCH_ALL = '{"match_all":{}}';

/** What must be refused, and what the reason names. */
const REFUSED: readonly { name: string; body: string; reason: string }[] = [
  { name: "no JSON", body: "{", reason: "JSON" },
  { name: "an array", body: "[]", reason: "START_OBJECT" },
  { name: "null", body: "null", reason: "START_OBJECT" },
  { name: "an unknown option", body: '{"x":1}', reason: "[x]" },
  { name: "an unsupported option", body: '{"highlight":{}}', reason: "[highlight]" },
  { name: "an unknown query", body: query('{"x":{}}'), reason: "[x]" },
  { name: "an unsupported query", body: query('{"fuzzy":{}}'), reason: "[fuzzy]" },
  { name: "the name of a method", body: query('{"constructor":{}}'), reason: "[constructor]" },
  { name: "an unknown aggregation", body: '{"aggs":{"a":{"x":{}}}}', reason: "[x]" },
  { name: "an unsupported aggregation", body: '{"aggs":{"a":{"avg":{}}}}', reason: "[avg]" },
  { name: "a fuzzy term", body: queryText("firefx~"), reason: "firefx~" },
  {
    name: "an order by another aggregation",
    body: '{"aggs":{"a":{"terms":{"field":"id","order":{"b":"asc"}}}}}',
    reason: "[b]",
  },
  {
    name: "a named time zone",
    body: query('{"range":{"build.date":{"gte":"now","time_zone":"Europe/Paris"}}}'),
    reason: "Europe/Paris",
  },
  {
    name: "an unsupported date format",
    body: query('{"range":{"build.date":{"gte":"1","format":"EEE"}}}'),
    reason: "EEE",
  },
  { name: "a window that is too large", body: '{"from":9999,"size":2}', reason: "10001" },
  { name: "10,000 levels", body: nested(10_000, (a) => `[${a}]`, ""), reason: "levels" },
  {
    name: "10,000 bool queries within each other",
    body: query(nested(10_000, (a) => `{"bool":{"must":${a}}}`, MATCH_ALL)),
    reason: "levels",
  },
  {
    name: "too many clauses",
    body: query(`{"bool":{"should":[${Array(1025).fill(MATCH_ALL)}]}}`),
    reason: "maxClauseCount",
  },
  { name: "too many terms", body: queryText("a OR ".repeat(1024) + "a"), reason: "maxClauseCount" },
  { name: "parentheses", body: queryText("(".repeat(100_000)), reason: "parse" },
  { name: "a long expression", body: regexp("a".repeat(1001)), reason: "1001" },
  {
    name: "an expression that is nested deep",
    body: regexp("(".repeat(499) + ")".repeat(499)),
    reason: "deep",
  },
  {
    name: "too many buckets",
    body: '{"aggs":{"a":{"date_histogram":{"field":"download.date","interval":"1s"}}}}',
    reason: "buckets",
  },
];

Deno.test("requests that are refused", async (test) => {
  const engine = await engineOf(new Random(1), 200);
  for (const { name, body, reason } of REFUSED) {
    await test.step(name, () => {
      const answer = engine.post(body);
      assertEquals(answer.status, 400);
      assertStringIncludes((answer.body as { reason: string }).reason, reason);
    });
  }
});

/** Expressions that take exponential time or space where they aren't compiled with care. */
const EXPENSIVE = [
  "(a+)+b",
  "(.*)*x",
  "(.*a.*){40}",
  "(a|aa)+c",
  ".*[0-9].{400}",
  "([0-9]?){500}[0-9]{500}",
  "~(.*a.{200}b.*)",
  "(.*1.*&.*2.*&.*3.*&.*4.*&.*5.*)|.*6.{30}",
  "<0-2147483647>{90}",
  "((((((a{9}){9}){9}){9}){9}){9}){9}",
  ".{2147483647}",
];

Deno.test("expensive expressions end soon", async (test) => {
  const engine = await engineOf(new Random(1), 2000);
  for (const pattern of EXPENSIVE) {
    await test.step(pattern, () => {
      const startMs = performance.now();
      const requests = [
        JSON.stringify({ query: { regexp: { "download.url": pattern } } }),
        JSON.stringify({ aggs: { a: { terms: { field: "id", include: pattern } } } }),
      ];
      for (const body of requests) assert([200, 400].includes(engine.post(body).status));
      assert(performance.now() - startMs < 3000, `${performance.now() - startMs} ms`);
    });
  }
});

Deno.test(`${REQUESTS} random bodies, seed ${SEED}`, async () => {
  const random = new Random(SEED);
  const engine = await engineOf(random, 300);
  const requests = new RandomRequests(random, engine.records);
  const statuses = new Map<number, number>();
  for (let number = 0; number < REQUESTS; number++) {
    let body = JSON.stringify(requests.next());
    for (let times = random.below(4); times > 0; times--) body = mutated(random, body);
    const { status } = engine.post(body);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assertEquals([...statuses.keys()].sort(), [200, 400]);
});

/** A text with a small change: a value or a name that stands elsewhere, or a character. */
function mutated(random: Random, text: string): string {
  const tokens: string[] = text.match(/"(?:[^"\\]|\\.)*"|[-\w.+]+|[^]/g) ?? [];
  if (tokens.length === 0) return text;
  const at = random.below(tokens.length);
  const other = random.pick(tokens);
  const replaced = random.pick([
    ...[
      other,
      other,
      "null",
      "{}",
      "[]",
      "-1",
      "1e400",
      "0.1",
      "true",
      '""',
      '"\\u0000"',
      '"\\ud800"',
    ],
    ...[
      '"__proto__"',
      '"constructor"',
      '"now||/x"',
      '"*"',
      '"_id"',
      '"_score"',
      "99999999999999999999",
    ],
  ]);
  return tokens.with(at, replaced).join("");
}
