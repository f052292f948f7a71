import { changesetUrl } from "./format.ts";
import type { Build } from "./source.ts";

/** The changeset of a build, with a link to it where its repository is known. */
export function Changeset({ build, isWhole = false }: { build: Build; isWhole?: boolean }) {
  const { revision } = build.source;
  if (revision === undefined) return null;
  const url = changesetUrl(build);
  const text = isWhole ? revision : revision.slice(0, 12);
  return url
    ? <a href={url} rel="noreferrer" aria-label={`Changeset ${text}`}>{text}</a>
    : <>{text}</>;
}
