/// <reference lib="dom" />
import { isCandidate } from "./build_links.ts";
import { counted } from "./format.ts";
import { Link } from "./link.tsx";
import type { Build } from "./source.ts";
import { hrefOf, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** The builds of one build id by locale and platform: releases and candidates, and what is missing. */
export function Matrix({ builds, state, go }: { builds: Build[]; state: State; go: Go }) {
  const platforms = [...new Set(builds.map(({ target }) => target.platform))].sort();
  const locales = [...new Set(builds.map(({ target }) => target.locale))].sort();
  const cells = Map.groupBy(builds, ({ target }) => `${target.locale} ${target.platform}`);
  const isReleased = builds.some((build) => !isCandidate(build));
  const hasCandidates = builds.some(isCandidate);
  const missing = locales.length * platforms.length - cells.size;
  return (
    <div class="matrix-and-key">
      <p class="key">
        {isReleased && (
          <span>
            <Sign isCandidate={false} /> {hasCandidates ? "release" : "build"}
          </span>
        )}
        {hasCandidates && (
          <span>
            <Sign isCandidate /> candidate
          </span>
        )}
        {missing > 0 && <span>– missing ({missing})</span>}
        <span class="sum">
          {counted(locales.length, "locale")} on {counted(platforms.length, "platform")}
        </span>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Builds by locale and platform">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Locale</th>
              {platforms.map((platform) => <th key={platform} scope="col">{platform}</th>)}
            </tr>
          </thead>
          <tbody>
            {locales.map((locale) => (
              <tr key={locale}>
                <th scope="row">{locale}</th>
                {platforms.map((platform) => (
                  <td key={platform}>
                    <Cell builds={cells.get(`${locale} ${platform}`)} state={state} go={go} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Builds sorted so that candidates come after releases. */
export function releasesFirst(builds: Build[]): Build[] {
  return builds.toSorted((a, b) => Number(isCandidate(a)) - Number(isCandidate(b)));
}

function Cell({ builds = [], state, go }: { builds?: Build[]; state: State; go: Go }) {
  if (builds.length === 0) return <span class="missing" title="missing">–</span>;
  return (
    <>
      {releasesFirst(builds).map((build) => {
        const { target } = build;
        const to = { ...state, id: build.id };
        const label = `${target.version}, ${target.platform}, ${target.locale}`;
        return (
          <Link
            key={build.id}
            to={to}
            go={go}
            title={label}
            aria-label={isCandidate(build) ? `${label}, candidate` : label}
            aria-current={hrefOf(to) === hrefOf(state) ? "page" : undefined}
          >
            <Sign isCandidate={isCandidate(build)} />
          </Link>
        );
      })}
    </>
  );
}

/** A full circle for a release or nightly, a ring for a candidate. */
function Sign({ isCandidate }: { isCandidate: boolean }) {
  return <i class={isCandidate ? "sign candidate" : "sign"} aria-hidden="true" />;
}
