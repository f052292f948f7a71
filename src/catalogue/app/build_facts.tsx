/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { checksumsUrl, crashReportsUrl, metadataUrl, mozregression } from "./build_links.ts";
import { pushLogUrl } from "./build_links.ts";
import { CopyButton } from "./copy_button.tsx";
import { changesetUrl } from "./format.ts";
import type { Build, Source } from "./source.ts";

/** Where to look further from a build: crash reports, changes, regressions, files beside it. */
export function BuildFacts({ source, build }: { source: Source; build: Build }) {
  const previous = usePrevious(source, build);
  const links: [label: string, url: string | undefined][] = [
    ["Crash reports", crashReportsUrl(build)],
    ["Changeset", changesetUrl(build)],
    [
      `Push log since ${previous?.target.version} (${previous?.build?.id})`,
      previous && pushLogUrl(previous, build),
    ],
    ["Checksums (SHA-256)", checksumsUrl(build)],
    ["Metadata document", build.build && metadataUrl(build)],
  ];
  const command = mozregression(
    previous && pushLogUrl(previous, build) ? previous : undefined,
    build,
  );
  return (
    <div class="facts">
      <ul>
        {links.map(([label, url]) =>
          url && (
            <li key={label}>
              <a href={url} rel="noreferrer">{label}</a>
            </li>
          )
        )}
      </ul>
      {command && (
        <p class="command">
          <code>{command}</code>
          <CopyButton text={command} what="the mozregression command" />
        </p>
      )}
    </div>
  );
}

/** The previous build of the same product, channel and platform. */
function usePrevious(source: Source, build: Build): Build | undefined {
  const [previous, setPrevious] = useState<Build>();
  useEffect(() => {
    const stopped = new AbortController();
    setPrevious(undefined);
    // Without it only the push log is missing; the view reports a server that doesn't answer.
    source.previous(build, stopped.signal).then(
      (found) => !stopped.signal.aborted && setPrevious(found),
      () => {},
    );
    return () => stopped.abort();
  }, [source, build.id]);
  return previous;
}
