/// <reference lib="dom" />
import { useState } from "preact/hooks";

/** Copies a text, and says so. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      // Only pages on https and on this machine may write there.
      setSaid("Select and copy it by hand");
    }
    setTimeout(() => setSaid(""), 1500);
  };
  return (
    <button type="button" class="copy" onClick={copy} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{said || "Copy"}</span>
    </button>
  );
}
