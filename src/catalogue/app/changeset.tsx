import { changesetUrl } from "./format.ts";
import { Marked } from "./marked.tsx";
import type { Build } from "./source.ts";

/** The changeset of a build, with a link to it where its repository is known. */
export function Changeset(
  { build, isWhole = false, words = [] }: {
    build: Build;
    /** Whether the whole hash is shown, or its first 12 characters. */
    isWhole?: boolean;
    words?: readonly string[];
  },
) {
  const { revision } = build.source;
  if (revision === undefined) return null;
  const url = changesetUrl(build);
  const text = isWhole ? revision : revision.slice(0, 12);
  return url
    ? (
      <a href={url} rel="noreferrer" aria-label={`Changeset ${text}`}>
        <Marked text={text} words={words} />
      </a>
    )
    : <Marked text={text} words={words} />;
}
