import type { SearchAnswer } from "./dsl/search.ts";
import type { Work } from "./dsl/work.ts";

/** Hits that are written in one slice. */
const HITS_PER_SLICE = 200;

/** The JSON of an answer, in slices: it may have megabytes. */
export function* answerText({ hits, aggregations, ...head }: SearchAnswer): Work<string> {
  const texts: string[] = [];
  for (const hit of hits.hits) {
    if (texts.push(JSON.stringify(hit)) % HITS_PER_SLICE === 0) yield;
  }
  const { total, max_score } = hits;
  const start = JSON.stringify(head).slice(0, -1);
  const page = JSON.stringify({ total, max_score }).slice(0, -1);
  yield;
  const end = aggregations === undefined ? "" : `,"aggregations":${JSON.stringify(aggregations)}`;
  return `${start},"hits":${page},"hits":[${texts.join(",")}]}${end}}`;
}
