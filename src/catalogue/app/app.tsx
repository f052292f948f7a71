/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { BuildPage } from "./build_page.tsx";
import { Chart } from "./chart.tsx";
import { Chips } from "./chips.tsx";
import { Facets } from "./facets.tsx";
import { counted } from "./format.ts";
import { Link } from "./link.tsx";
import { Newest } from "./newest.tsx";
import { Nothing, Notice } from "./notice.tsx";
import { Pages, ResultTable } from "./results.tsx";
import { SearchBox } from "./search_box.tsx";
import type { Source } from "./source.ts";
import { EVERYTHING, type State } from "./state.ts";
import { type Go, useAddress } from "./use_address.ts";
import { useSearch } from "./use_search.ts";

/** The catalogue. */
export function App({ source }: { source: Source }) {
  const [state, go] = useAddress();
  return (
    <>
      <a class="skip" href="#results">Skip to the results</a>
      <header class="top">
        <Link class="brand" to={EVERYTHING} go={go}>Buildhub</Link>
        <SearchBox state={state} go={go} />
        <nav aria-label="Elsewhere">
          <a href="/docs">API</a>
        </nav>
      </header>
      {state.id === ""
        ? <Catalogue source={source} state={state} go={go} />
        : <BuildPage source={source} state={state} go={go} />}
    </>
  );
}

function Catalogue({ source, state, go }: { source: Source; state: State; go: Go }) {
  const [allValues, setAllValues] = useState(false);
  const { results, overview, error, isUnderWay, attempt } = useSearch(source, state, allValues);
  useEffect(() => {
    const words = [state.q, ...Object.values(state.facets).flat()].filter(Boolean).join(" ");
    document.title = words ? `${words} · Buildhub` : "Buildhub";
  }, [state]);
  const count = results ? counted(results.count, "build") : "";
  return (
    <div class="catalogue">
      <Facets
        state={state}
        go={go}
        overview={overview}
        onWantAll={() => setAllValues(true)}
      />
      <main id="results" tabIndex={-1} aria-busy={isUnderWay}>
        <h1 class="unseen">Builds</h1>
        {error && <Notice error={error} />}
        <div class={error ? "overview stale" : "overview"}>
          {overview && overview.histogram.starts.length > 0 && (
            <Chart
              histogram={overview.histogram}
              onPick={(from, to) => go({ ...state, from, to, page: 1 })}
            />
          )}
          {overview && <Newest source={source} state={state} go={go} attempt={attempt} />}
        </div>
        <div class="found">
          <p role="status">{count}</p>
          <Chips state={state} go={go} />
        </div>
        {results && results.data.length === 0 && !error && <Nothing state={state} go={go} />}
        {results && results.data.length > 0 && (
          <div class={error ? "stale" : ""}>
            <ResultTable results={results} state={state} go={go} sorts={source.sorts} />
            <Pages results={results} state={state} go={go} />
          </div>
        )}
        {!results && !error && <p class="waiting">Reading the collection…</p>}
      </main>
    </div>
  );
}
