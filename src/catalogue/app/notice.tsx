import { counted } from "./format.ts";
import { Link } from "./link.tsx";
import { isExpression } from "./search_text.ts";
import type { SourceError } from "./server.ts";
import type { Results, Source, Unfound } from "./source.ts";
import { EVERYTHING, listWith, searchOf, type State, wordsOf } from "./state.ts";
import type { Go } from "./use_address.ts";
import { useLoaded } from "./use_loaded.ts";
import { isTransient } from "./use_search.ts";

/** What failed, and what to do about it. */
export function Notice({ error }: { error: SourceError }) {
  if (error.hasNoSearch) return <NoSearch />;
  const [title, advice] = adviceFor(error);
  return (
    <div class="notice error" role="alert">
      <h2>{title}</h2>
      <p>{withCode(advice)}</p>
      {error.message !== "" && error.status !== undefined && (
        <p class="said">The server says: {error.message}</p>
      )}
    </div>
  );
}

/** Shown instead of everything when the server is a Kinto without the plugin. */
function NoSearch() {
  return (
    <div class="notice error" role="alert">
      <h2>This server has no search</h2>
      <p>
        It’s a Kinto without the plugin{" "}
        <a href="https://github.com/Kinto/kinto-elasticsearch" rel="noreferrer">
          kinto-elasticsearch
        </a>. Its records can be read all the same: see <a href="/docs">the API</a>.
      </p>
    </div>
  );
}

/** Sets what stands between backticks as code. */
function withCode(text: string) {
  return text.split("`").map((part, i) => i % 2 === 1 ? <code key={i}>{part}</code> : part);
}

function adviceFor(error: SourceError): [string, string] {
  const { status } = error;
  if (status === undefined) {
    return [
      "The server doesn’t answer",
      "Trying again every two seconds. What is shown below is its last answer.",
    ];
  }
  if (isTransient(error)) {
    return [`The server failed (${status})`, "Trying again every two seconds."];
  }
  if (status === 401 || status === 403) {
    return [
      "No public builds",
      "The collection doesn’t exist yet, or isn’t public. `buildhub load` creates it, readable by everyone.",
    ];
  }
  if (status === 404) {
    return [
      "The collection doesn’t exist yet",
      "`buildhub load` creates it; `buildhub latest-inventory-to-kinto` creates and fills it.",
    ];
  }
  return [
    "The server rejected this search",
    "Change the address, or start again with an empty search.",
  ];
}

/** Shown instead of results: nothing matches, the page doesn’t exist, or the collection is empty. */
export function Nothing(
  { results, source, state, go }: { results: Results; source: Source; state: State; go: Go },
) {
  if (results.count > 0) {
    return (
      <div class="notice">
        <h2>There is no page {state.page}</h2>
        <p>
          This search has {counted(results.pages, "page")}.{" "}
          <Link to={{ ...state, page: results.pages }} go={go}>Go to the last one</Link>.
        </p>
      </div>
    );
  }
  const isNarrowed = searchOf({ ...state, sort: EVERYTHING.sort, page: 1 }) !== "";
  if (!isNarrowed) {
    return (
      <div class="notice">
        <h2>No builds yet</h2>
        <p>
          The collection is empty. <code>buildhub latest-inventory-to-kinto</code> fills it.
        </p>
      </div>
    );
  }
  return <NoMatch source={source} state={state} go={go} />;
}

/** What to change about a search that finds nothing: the words that no build has. */
function NoMatch({ source, state, go }: { source: Source; state: State; go: Go }) {
  const words = wordsOf(state);
  const { value: unfound = [] } = useLoaded(
    (signal) => words.length > 0 ? source.unfound(words, signal) : Promise.resolve([]),
    [source, state.q],
  );
  return (
    <div class="notice">
      <h2>No build matches</h2>
      {unfound.map((one) => <NotFound key={one.word} {...one} state={state} go={go} />)}
      <p>
        {isExpression(state.q)
          ? "Every field must have the value that the search says."
          : unfound.length > 0
          ? "A word is a product, version, channel, platform, locale, build id or revision, or the beginning of one."
          : words.length > 1
          ? "Each word is found, but no build has them all."
          : ""} Remove a filter above, or <Link to={EVERYTHING} go={go}>show everything</Link>.
      </p>
    </div>
  );
}

function NotFound({ word, nearest, state, go }: Unfound & { state: State; go: Go }) {
  const corrected = nearest &&
    wordsOf(state).map((one) => one === word ? nearest : one).join(" ");
  return (
    <p>
      Nothing is called <b>{word}</b>. {corrected && (
        <>
          Did you mean <Link to={listWith(state, { q: corrected })} go={go}>{nearest}</Link>?
        </>
      )}
    </p>
  );
}
