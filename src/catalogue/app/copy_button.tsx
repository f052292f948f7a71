/// <reference lib="dom" />
import { useState } from "preact/hooks";

/** A button that copies a text, and says whether it did. */
export function CopyButton({ text, what, label = "Copy", class: className = "copy" }: {
  text: string;
  /** What is copied, for screen readers: `Copy WHAT`. */
  what: string;
  label?: string;
  class?: string;
}) {
  const [result, setResult] = useState("");
  const copy = async () => {
    setResult(await copied(text));
    setTimeout(() => setResult(""), 1500);
  };
  return (
    <button type="button" class={className} onClick={copy} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{result || label}</span>
    </button>
  );
}

/** Copies a text to the clipboard. @returns what to show: whether it worked */
export async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    // Browsers allow this on https and localhost only.
    return "Not allowed: select it";
  }
}
