import type { SourceError } from "./source.ts";
import { Link } from "./link.tsx";
import { EVERYTHING, searchOf, type State } from "./state.ts";
import type { Go } from "./use_address.ts";
import { isPassing } from "./use_search.ts";

/** What went wrong, and what to do. */
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
      "Asking again every two seconds; what is shown below is what it said last.",
    ];
  }
  if (isPassing(error)) {
    return [`The server is in trouble (${status})`, "Asking again every two seconds."];
  }
  if (status === 401 || status === 403) {
    return [
      "There are no builds that everyone may see",
      "The collection isn’t there yet, or isn’t public. `buildhub load` creates it, readable by everyone.",
    ];
  }
  if (status === 404) {
    return [
      "There is no such collection yet",
      "`buildhub load` creates it; `buildhub latest-inventory-to-kinto` does so, too, and fills it.",
    ];
  }
  return [
    "The server doesn’t understand this search",
    "Change the address, or begin anew with an empty search.",
  ];
}

/** Nothing was found, or nothing is there yet. */
export function Nothing({ state, go }: { state: State; go: Go }) {
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
        Every word must be found: a product, version, channel, platform, locale, build id or
        revision, or the beginning of one. Take one away above, or{" "}
        <Link to={EVERYTHING} go={go}>show everything</Link>.
      </p>
    </div>
  );
}
