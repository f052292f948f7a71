import { assertEquals, assertThrows } from "@std/assert";
import { DslError } from "../../../../src/server/search/dsl/dsl_error.ts";
import {
  luceneRegexp,
  REGEXP_FLAGS,
  wildcardPattern,
} from "../../../../src/server/search/dsl/lucene_regexp.ts";
import { Random } from "../../random.ts";

const CASES: readonly { pattern: string; matches: string[]; others: string[] }[] = [
  { pattern: "", matches: [""], others: ["a"] },
  { pattern: "ab?c*", matches: ["a", "ab", "acc"], others: ["", "abb", "xa"] },
  { pattern: `[0-9]+".0a1"`, matches: ["55.0a1"], others: ["55.0", "55x0a1", "a55.0a1"] },
  { pattern: "2026.*", matches: ["2026", "20261123"], others: ["12026"] },
  { pattern: "a.c", matches: ["abc", "a😀c", "a\nc"], others: ["ac", "abbc"] },
  { pattern: "[^a-c]", matches: ["d", "é", "😀"], others: ["a", "", "dd"] },
  { pattern: "a{2,3}", matches: ["aa", "aaa"], others: ["a", "aaaa"] },
  { pattern: "a{2,}|b{2}", matches: ["aa", "aaaaa", "bb"], others: ["b", "bbb"] },
  { pattern: "~(.*b.*)", matches: ["", "aca"], others: ["b", "aba"] },
  { pattern: ".*a.*&.*b.*", matches: ["ab", "bxa"], others: ["a", "b"] },
  { pattern: "@", matches: ["", "anything"], others: [] },
  { pattern: "#|a", matches: ["a"], others: ["", "#"] },
  { pattern: "<5-38>.0", matches: ["5.0", "05.0", "38.0", "21.0"], others: ["39.0", "4.0", ".0"] },
  { pattern: "<08-12>", matches: ["08", "12"], others: ["8", "008", "13", "07"] },
  { pattern: "a\\.b", matches: ["a.b"], others: ["axb"] },
  { pattern: "()", matches: [""], others: ["a"] },
];

Deno.test("luceneRegexp", async (test) => {
  for (const { pattern, matches, others } of CASES) {
    await test.step(pattern, () => {
      const test = luceneRegexp(pattern);
      assertEquals(matches.filter(test), matches);
      assertEquals(others.filter(test), []);
    });
  }
});

Deno.test("luceneRegexp refuses what can't be read", async (test) => {
  for (const pattern of ["(", "[", "a{", "a{x}", "a{2", "<1-", "<x-y>", "<a>", '"a', "[b-a]"]) {
    await test.step(pattern, () => {
      assertThrows(() => luceneRegexp(pattern), DslError, "regular expression");
    });
  }
});

Deno.test("luceneRegexp without optional operators", () => {
  const test = luceneRegexp("~a&@#", REGEXP_FLAGS.NONE);
  assertEquals(["~a&@#", "b"].filter(test), ["~a&@#"]);
});

Deno.test("luceneRegexp matches as JavaScript's expressions do, where both mean the same", () => {
  const random = new Random(1);
  const part = (depth: number): string => {
    const inner = () => depth === 0 ? random.pick(["a", "b", "[ab]", "."]) : part(depth - 1);
    return random.pick([
      inner,
      () => `${inner()}${inner()}`,
      () => `(${inner()}|${inner()})`,
      () => `(${inner()})${random.pick(["*", "+", "?", "{2}", "{1,2}", "{2,}"])}`,
    ])();
  };
  for (let i = 0; i < 300; i++) {
    const pattern = part(3);
    const [ours, theirs] = [luceneRegexp(pattern), new RegExp(`^(?:${pattern})$`, "s")];
    for (let j = 0; j < 30; j++) {
      const text = Array.from({ length: random.below(7) }, () => random.pick(["a", "b", "c"])).join(
        "",
      );
      assertEquals(ours(text), theirs.test(text), `${pattern} on ${text}`);
    }
  }
});

Deno.test("wildcardPattern", () => {
  const cases: [pattern: string, matches: string[], others: string[]][] = [
    ["a*", ["a", "abc"], ["b", "ba"]],
    ["?b", ["ab", "😀b"], ["b", "aab"]],
    ["a\\*", ["a*"], ["ab"]],
    ["a\\", ["a\\"], ["a"]],
    ["", [""], ["a"]],
  ];
  for (const [pattern, matches, others] of cases) {
    const test = wildcardPattern(pattern);
    assertEquals(matches.filter(test), matches, pattern);
    assertEquals(others.filter(test), [], pattern);
  }
});
