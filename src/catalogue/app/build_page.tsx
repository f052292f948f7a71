/// <reference lib="dom" />
import { BuildFacts } from "./build_facts.tsx";
import { downloadUrl } from "./build_links.ts";
import { CopyButton } from "./copy_button.tsx";
import { Fields } from "./fields.tsx";
import { channelClass, counted, formatDate, formatSize, productName } from "./format.ts";
import { Link } from "./link.tsx";
import { Matrix } from "./matrix.tsx";
import { buildMeta, metaOf } from "./meta.ts";
import { Notice } from "./notice.tsx";
import { type Build, MAX_BUILDS, type Source } from "./source.ts";
import { listWith, type State } from "./state.ts";
import type { Go } from "./use_address.ts";
import { useFocus } from "./use_focus.ts";
import { useLoaded } from "./use_loaded.ts";
import { useMeta } from "./use_meta.ts";

/** Everything about one build, and the builds of the same product with the same build id. */
export function BuildPage({ source, state, go, left }: {
  source: Source;
  state: State;
  go: Go;
  left: string;
}) {
  const { id } = state;
  const { value, error } = useLoaded(
    async (signal) => ({ build: await source.build(id, signal) }),
    [source, id],
  );
  const build = value?.build;
  useFocus(left, value !== undefined);
  useMeta(build === undefined ? metaOf(state) : buildMeta(build));
  return (
    <main class="one build" id="results" tabIndex={-1}>
      {state.build === ""
        ? <Link class="back" to={{ ...state, id: "" }} go={go}>← All results</Link>
        : <Link class="back" to={{ ...state, id: "" }} go={go}>← Build id {state.build}</Link>}
      {error && <Notice error={error} />}
      {value === undefined && !error && <p class="waiting">Loading…</p>}
      {value !== undefined && build === undefined && (
        <div class="notice">
          <h1>No build with this id</h1>
          <p>
            No record here has the id{" "}
            <code>{id}</code>. Ids are in lower case, with dashes instead of dots.
          </p>
        </div>
      )}
      {build && (
        <>
          <Head build={build} source={source} />
          <Fields build={build} state={state} go={go} />
          {build.build && <Siblings build={build} source={source} state={state} go={go} />}
          <details class="raw">
            <summary>The record</summary>
            <CopyButton text={JSON.stringify(build, null, 2)} what="the record" />
            <pre tabIndex={0}>{JSON.stringify(build, null, 2)}</pre>
          </details>
        </>
      )}
    </main>
  );
}

function Head({ build, source }: { build: Build; source: Source }) {
  const { source: { product }, target, download } = build;
  const url = downloadUrl(build);
  return (
    <header>
      <h1>
        {productName(product)} {target.version}
        <small>
          <i class={`dot ${channelClass(target.channel)}`} />
          {target.channel}
        </small>
      </h1>
      <p class="lead">
        {target.platform}, {target.locale} · {formatSize(download.size)} · published{" "}
        {formatDate(download.date)} UTC{build.build === undefined && " · no metadata"}
      </p>
      <p class="actions">
        {url && <a class="button first" href={url} rel="noreferrer">Download</a>}
        {url && (
          <CopyButton
            class="button"
            text={`curl -LO "${url}"`}
            what="as curl"
            label="Copy as curl"
          />
        )}
        <a class="button" href={`${source.recordsUrl}/${encodeURIComponent(build.id)}`}>
          Raw record
        </a>
      </p>
      <BuildFacts source={source} build={build} />
    </header>
  );
}

/** The matrix of the builds of the same product with the same build id. */
function Siblings({ build, source, state, go }: {
  build: Build;
  source: Source;
  state: State;
  go: Go;
}) {
  const buildId = build.build?.id ?? "";
  const { value = [] } = useLoaded(
    (signal) => source.buildsOf(buildId, signal),
    [source, buildId],
  );
  const siblings = value.filter((one) => one.source.product === build.source.product);
  if (siblings.length <= 1) return null;
  return (
    <section class="siblings" aria-labelledby="siblings">
      <h2 id="siblings">
        {value.length >= MAX_BUILDS ? "The first " : ""}
        {counted(siblings.length, "build")} of{" "}
        <Link to={listWith(state, { build: buildId })} go={go}>{buildId}</Link>
      </h2>
      <Matrix builds={siblings} state={state} go={go} />
    </section>
  );
}
