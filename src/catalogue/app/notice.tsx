import { counted } from "./format.ts";
import { Link } from "./link.tsx";
import type { Results, SourceError } from "./source.ts";
import { EVERYTHING, searchOf, type State } from "./state.ts";
import type { Go } from "./use_address.ts";
import { isTransient } from "./use_search.ts";

/** What failed, and what to do about it. */
export function Notice({ error }: { error: SourceError }) {
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
export function Nothing({ results, state, go }: { results: Results; state: State; go: Go }) {
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
  return (
    <div class="notice">
      <h2>No build matches</h2>
      <p>
        Every word must match: a product, version, channel, platform, locale, build id or revision,
        or the beginning of one. Remove a filter above, or{" "}
        <Link to={EVERYTHING} go={go}>show everything</Link>.
      </p>
    </div>
  );
}
