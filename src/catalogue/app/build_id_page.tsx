/// <reference lib="dom" />
import { BuildFacts } from "./build_facts.tsx";
import { isCandidate } from "./build_links.ts";
import { Changeset } from "./changeset.tsx";
import { CopyButton } from "./copy_button.tsx";
import { channelClass, counted, formatDate, productName } from "./format.ts";
import { Link } from "./link.tsx";
import { Matrix, releasesFirst } from "./matrix.tsx";
import { buildIdMeta, metaOf } from "./meta.ts";
import { Notice } from "./notice.tsx";
import { type Build, MAX_BUILDS, type Source } from "./source.ts";
import { listWith, type State } from "./state.ts";
import type { Go } from "./use_address.ts";
import { useFocus } from "./use_focus.ts";
import { useLoaded } from "./use_loaded.ts";
import { useMeta } from "./use_meta.ts";

/** All that was built with one build id, and where to look further. */
export function BuildIdPage({ source, state, go, left }: {
  source: Source;
  state: State;
  go: Go;
  left: string;
}) {
  const id = state.build;
  const { value: builds, error } = useLoaded(
    (signal) => source.buildsOf(id, signal),
    [source, id],
  );
  useFocus(left, builds !== undefined);
  useMeta(builds === undefined || builds.length === 0 ? metaOf(state) : buildIdMeta(id, builds));
  const groups = Map.groupBy(
    builds ?? [],
    ({ source, target }) => `${source.product} ${target.channel}`,
  );
  const built = builds?.find(({ build }) => build?.date)?.build?.date;
  return (
    <main class="one" id="results" tabIndex={-1}>
      <Link class="back" to={listWith(state, { page: state.page })} go={go}>← All results</Link>
      {error && <Notice error={error} />}
      {builds === undefined && !error && <p class="waiting">Loading…</p>}
      {builds?.length === 0 && (
        <div class="notice">
          <h1>No build with this build id</h1>
          <p>
            No record here has the build id <code>{id}</code>.
          </p>
        </div>
      )}
      {builds !== undefined && builds.length > 0 && (
        <header>
          <h1>
            Build id {id} <CopyButton text={id} what="the build id" />
          </h1>
          <p class="lead">
            {builds.length >= MAX_BUILDS ? "The first " : ""}
            {counted(builds.length, "build")}
            {built && ` · built ${formatDate(built)} UTC`}
          </p>
        </header>
      )}
      {[...groups].map(([key, builds]) => (
        <Group key={key} source={source} builds={builds} state={state} go={go} />
      ))}
    </main>
  );
}

/** The builds of one product and channel. */
function Group({ source, builds, state, go }: {
  source: Source;
  builds: Build[];
  state: State;
  go: Go;
}) {
  const typical = typicalOf(builds);
  const { source: { product }, target: { channel } } = typical;
  const versions = Map.groupBy(releasesFirst(builds), ({ target }) => target.version);
  const revisions = Map.groupBy(builds, ({ source }) => source.revision ?? "");
  revisions.delete("");
  const title = `${productName(product)} ${typical.target.version}`;
  return (
    <section class="group" aria-label={`${title} ${channel}`}>
      <h2>
        {title}
        <small>
          <i class={`dot ${channelClass(channel)}`} />
          {channel}
        </small>
      </h2>
      <dl class="summary">
        <div>
          <dt>{versions.size === 1 ? "Version" : "Versions"}</dt>
          <dd>
            {[...versions].map(([version, builds]) => (
              <span key={version}>
                <Link to={listWith(state, { q: `${product} ${version}` })} go={go}>{version}</Link>
                {` ${isCandidate(builds[0]!) ? "candidate, " : ""}${
                  counted(builds.length, "build")
                }`}
              </span>
            ))}
          </dd>
        </div>
        {revisions.size > 0 && (
          <div>
            <dt>{revisions.size === 1 ? "Changeset" : "Changesets"}</dt>
            <dd>
              {[...revisions].map(([revision, builds]) => (
                <span key={revision}>
                  <span class="code">
                    <Changeset build={builds[0]!} isWhole={revisions.size === 1} />
                  </span>
                  {revisions.size > 1 &&
                    ` ${[...new Set(builds.map(({ target }) => target.platform))].join(", ")}`}
                </span>
              ))}
            </dd>
          </div>
        )}
        {typical.source.tree && (
          <div>
            <dt>Repository</dt>
            <dd>{typical.source.tree}</dd>
          </div>
        )}
      </dl>
      <BuildFacts source={source} build={typical} />
      <Matrix builds={builds} state={state} go={go} />
    </section>
  );
}

/** The build that represents the others: a release before a candidate, en-US, on a common platform. */
function typicalOf(builds: Build[]): Build {
  const rankOf = (build: Build) =>
    Number(isCandidate(build)) * 4 +
    Number(!/^(en-US|multi)$/.test(build.target.locale)) * 2 +
    Number(build.target.platform !== "win64");
  return builds.reduce((best, build) => rankOf(build) < rankOf(best) ? build : best);
}
