/// <reference lib="dom" />
import { downloadUrl } from "./build_links.ts";
import { Changeset } from "./changeset.tsx";
import { channelClass, counted, formatDate, formatSize, productName, titleOf } from "./format.ts";
import { Link } from "./link.tsx";
import { Marked } from "./marked.tsx";
import type { Build, Results } from "./source.ts";
import { listWith, type State, wordsOf } from "./state.ts";
import type { Go } from "./use_address.ts";

/** A page of builds, with what matches the search highlighted. */
export function ResultTable({ results, state, go }: { results: Results; state: State; go: Go }) {
  const header = (by: string, title: string) => {
    const isCurrent = state.sort.replace("-", "") === by;
    const isDescending = state.sort.startsWith("-");
    const sort = isCurrent && isDescending ? by : `-${by}`;
    return (
      <th
        role="columnheader"
        scope="col"
        aria-sort={isCurrent ? (isDescending ? "descending" : "ascending") : undefined}
      >
        <button type="button" onClick={() => go(listWith(state, { sort }))}>
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
  const url = downloadUrl(build);
  const words = wordsOf(state);
  const marked = (text: string) => <Marked text={text} words={words} />;
  return (
    <tr role="row">
      <td role="cell" class="name">
        <Link to={{ ...state, id: build.id }} go={go} data-result>
          {marked(productName(source.product))} <b>{marked(target.version)}</b>
        </Link>
      </td>
      <td role="cell" class="channel">
        <i class={`dot ${channelClass(target.channel)}`} />
        {marked(target.channel)}
      </td>
      <td role="cell">{marked(target.platform)}</td>
      <td role="cell">{marked(target.locale)}</td>
      <td role="cell" class="number">{formatSize(download.size)}</td>
      <td role="cell" class="date">
        <time dateTime={download.date}>{formatDate(download.date)}</time>
      </td>
      <td role="cell" class="code id">
        {!build.build && <small>no metadata</small>}
        {build.build && (
          <Link
            to={{ ...state, build: build.build.id }}
            go={go}
            aria-label={`All builds of ${build.build.id}`}
          >
            {marked(build.build.id)}
          </Link>
        )}
      </td>
      <td role="cell" class="code">
        <Changeset build={build} words={words} />
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

/** Moves the focus to the next or previous build, and from the first to the search box. */
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
