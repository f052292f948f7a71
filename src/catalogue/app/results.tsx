/// <reference lib="dom" />
import { Changeset } from "./changeset.tsx";
import { channelClass, counted, formatDate, formatNumber, formatSize } from "./format.ts";
import { productName, safeUrl, titleOf } from "./format.ts";
import { Link } from "./link.tsx";
import type { Build, Results } from "./source.ts";
import { EVERYTHING, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** A page of builds. */
export function ResultTable(
  { results, state, go, sorts }: {
    results: Results;
    state: State;
    go: Go;
    sorts: readonly string[];
  },
) {
  const header = (by: string, title: string) => {
    if (!sorts.includes(by)) return <th role="columnheader" scope="col">{title}</th>;
    const isCurrent = state.sort.replace("-", "") === by;
    const isDescending = state.sort.startsWith("-");
    const sort = isCurrent && isDescending ? by : `-${by}`;
    return (
      <th
        role="columnheader"
        scope="col"
        aria-sort={isCurrent ? (isDescending ? "descending" : "ascending") : undefined}
      >
        <button type="button" onClick={() => go({ ...state, sort, page: 1 })}>
          {title}
          <span class="arrow" aria-hidden="true">
            {isCurrent ? (isDescending ? "↓" : "↑") : "↕"}
          </span>
        </button>
      </th>
    );
  };
  return (
    <table class="results" role="table" onKeyDown={moveWithArrows}>
      <caption class="unseen">{counted(results.count, "build")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {header("version", "Build")}
          <th role="columnheader" scope="col">Channel</th>
          <th role="columnheader" scope="col">Platform</th>
          <th role="columnheader" scope="col">Locale</th>
          <th role="columnheader" scope="col" class="number">Size</th>
          {header("published", "Published, UTC")}
          {header("built", "Build id")}
          <th role="columnheader" scope="col">Changeset</th>
          <th role="columnheader" scope="col">
            <span class="unseen">Download</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {results.data.map((build) => (
          <ResultRow key={build.id} build={build} state={state} go={go} />
        ))}
      </tbody>
    </table>
  );
}

function ResultRow({ build, state, go }: { build: Build; state: State; go: Go }) {
  const { source, target, download } = build;
  const url = safeUrl(download.url);
  return (
    <tr role="row">
      <td role="cell" class="name">
        <Link to={{ ...state, id: build.id }} go={go} data-result>
          {productName(source.product)} <b>{target.version}</b>
        </Link>
      </td>
      <td role="cell" class="channel">
        <i class={`dot ${channelClass(target.channel)}`} />
        {target.channel}
      </td>
      <td role="cell">{target.platform}</td>
      <td role="cell">{target.locale}</td>
      <td role="cell" class="number">{formatSize(download.size)}</td>
      <td role="cell" class="date">
        <time dateTime={download.date}>{formatDate(download.date)}</time>
      </td>
      <td role="cell" class="code">
        {build.build && (
          <Link
            to={{ ...EVERYTHING, q: build.build.id }}
            go={go}
            aria-label={`All builds of ${build.build.id}`}
          >
            {build.build.id}
          </Link>
        )}
      </td>
      <td role="cell" class="code">
        <Changeset build={build} />
      </td>
      <td role="cell" class="get">
        {url && (
          <a href={url} rel="noreferrer" aria-label={`Download ${titleOf(build)}`}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M10 3v9m-4-3.5 4 4 4-4M4 16.5h12" />
            </svg>
          </a>
        )}
      </td>
    </tr>
  );
}

/** From one build to the next, and from the first back to the search box. */
function moveWithArrows(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...document.querySelectorAll<HTMLElement>("[data-result]")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) next.focus();
  else if (event.key === "ArrowUp") document.getElementById("q")?.focus();
}

/** The way to the other pages. */
export function Pages({ results, state, go }: { results: Results; state: State; go: Go }) {
  if (results.pages <= 1) return null;
  const { page } = state;
  // With keys a link stays itself, and the focus on it.
  return (
    <nav class="pages" aria-label="Pages">
      {page > 1
        ? <Link key="previous" to={{ ...state, page: page - 1 }} go={go}>← Previous</Link>
        : <span class="off">← Previous</span>}
      <span>
        Page {formatNumber(page)} of {formatNumber(results.pages)}
      </span>
      {page < results.pages
        ? <Link key="next" to={{ ...state, page: page + 1 }} go={go}>Next →</Link>
        : <span class="off">Next →</span>}
    </nav>
  );
}
