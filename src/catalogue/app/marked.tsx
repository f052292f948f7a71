/** A value with the word that matches it highlighted: a whole value, or the beginning of a part. */
export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  const lower = text.toLowerCase();
  // A revision is shown by its first characters.
  if (words.some((word) => word.toLowerCase().startsWith(lower))) return <mark>{text}</mark>;
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    const part = word.toLowerCase();
    const at = lower.startsWith(part) ? 0 : lower.indexOf(`-${part}`) + 1;
    if (at === 0 && !lower.startsWith(part)) continue;
    return (
      <>
        {text.slice(0, at)}
        <mark>{text.slice(at, at + part.length)}</mark>
        {text.slice(at + part.length)}
      </>
    );
  }
  return <>{text}</>;
}
