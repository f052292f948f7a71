/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { BuildIdPage } from "./build_id_page.tsx";
import { BuildPage } from "./build_page.tsx";
import { Chart } from "./chart.tsx";
import { Chips } from "./chips.tsx";
import { Facets } from "./facets.tsx";
import { counted } from "./format.ts";
import { Link } from "./link.tsx";
import { metaOf } from "./meta.ts";
import { Newest } from "./newest.tsx";
import { Nothing, Notice } from "./notice.tsx";
import { Pages } from "./pages.tsx";
import { ResultTable } from "./results.tsx";
import { SearchBox } from "./search_box.tsx";
import { isExpression } from "./search_text.ts";
import type { SourceError } from "./server.ts";
import type { Source } from "./source.ts";
import { EVERYTHING, isBuildId, listWith, type State, wordsOf } from "./state.ts";
import { type Go, useAddress } from "./use_address.ts";
import { useFocus } from "./use_focus.ts";
import { useMeta } from "./use_meta.ts";
import { useSearch } from "./use_search.ts";

/** The catalogue: a list of builds, a build id's matrix, or one build. */
export function App({ source }: { source: Source }) {
  const { state, go, left } = useAddress();
  const [problem, setProblem] = useState("");
  const View = state.id !== "" ? BuildPage : state.build !== "" ? BuildIdPage : Catalogue;
  return (
    <>
      <a class="skip" href="#results">Skip to the results</a>
      <header class="top">
        <Link class="brand" to={EVERYTHING} go={go}>Buildhub</Link>
        <SearchBox state={state} go={go} problem={problem} />
        <nav aria-label="Elsewhere">
          <a href="/docs">API</a>
        </nav>
      </header>
      <View source={source} state={state} go={go} left={left} onProblem={setProblem} />
    </>
  );
}

function Catalogue({ source, state, go, left, onProblem }: {
  source: Source;
  state: State;
  go: Go;
  left: string;
  /** Called with the reason why the text of the search box can't be read; `""` if it can. */
  onProblem: (reason: string) => void;
}) {
  const [allValues, setAllValues] = useState(false);
  const { results, overview, error, isSearching, attempt } = useSearch(source, state, allValues);
  useMeta(metaOf(state));
  useFocus(left, results !== undefined);
  const problem = problemOf(state, error);
  useEffect(() => {
    onProblem(problem);
    return () => onProblem("");
  }, [problem]);
  const [buildId] = wordsOf(state).filter(isBuildId);
  return (
    <div class="catalogue">
      <Facets
        state={state}
        go={go}
        overview={overview}
        onWantAll={() => setAllValues(true)}
      />
      <main id="results" tabIndex={-1} aria-busy={isSearching}>
        <h1 class="unseen">Builds</h1>
        {error && problem === "" && <Notice error={error} />}
        <div class={error ? "overview stale" : "overview"}>
          {overview && overview.histogram.starts.length > 0 && (
            <Chart
              histogram={overview.histogram}
              onPick={(from, to) => go(listWith(state, { from, to }))}
            />
          )}
          {overview && <Newest source={source} state={state} go={go} attempt={attempt} />}
        </div>
        <div class={error ? "list stale" : "list"}>
          <div class="found">
            <p role="status">{results && counted(results.count, "build")}</p>
            <Chips state={state} go={go} />
            {buildId && results && results.count > 0 && (
              <Link to={{ ...state, build: buildId }} go={go}>
                Build id {buildId}: all platforms and locales
              </Link>
            )}
          </div>
          {results && results.data.length === 0 && !error && (
            <Nothing results={results} source={source} state={state} go={go} />
          )}
          {results && results.data.length > 0 && (
            <>
              <ResultTable results={results} state={state} go={go} />
              <Pages pages={results.pages} state={state} go={go} />
            </>
          )}
          {!results && !error && <p class="waiting">Loading…</p>}
        </div>
      </main>
    </div>
  );
}

/** Why an expression in Lucene's syntax can't be read; `""` if it can. */
function problemOf({ q }: State, error: SourceError | undefined): string {
  return error?.status === 400 && isExpression(q) ? error.message || "This can’t be read." : "";
}
