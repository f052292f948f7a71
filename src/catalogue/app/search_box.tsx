/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import { EVERYTHING, isBuildId, listWith, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** Elements in which a slash is text. */
const TEXT_FIELDS = "textarea, select, input:not([type=checkbox])";

/**
 * The search box. `/` focuses it, Escape empties it, the down arrow goes to the results, and Enter
 * after a whole build id goes to its page.
 */
export function SearchBox({ state, go, problem }: {
  state: State;
  go: Go;
  /** Why the text can't be read; `""` if it can. */
  problem: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(state.q);
  // The address also changes by going back and by links. Spaces that are being typed stay.
  useEffect(() => {
    if (state.q !== text.trim()) setText(state.q);
  }, [state.q]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || target.closest(TEXT_FIELDS)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const type = (q: string) => {
    setText(q);
    go(listWith(state, { q: q.trim() }), { isTyping: true });
  };
  return (
    <form
      role="search"
      class="search"
      action="/"
      onSubmit={(event) => {
        event.preventDefault();
        if (isBuildId(text.trim())) go({ ...EVERYTHING, build: text.trim() });
        else type(text);
      }}
    >
      <label class="unseen" for="q">Search builds</label>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="8.5" cy="8.5" r="5.5" />
        <path d="m13 13 4.5 4.5" />
      </svg>
      <input
        id="q"
        ref={input}
        name="q"
        type="search"
        value={text}
        placeholder="firefox 60 win64 fr, a build id, a revision"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={400}
        aria-keyshortcuts="/"
        aria-invalid={problem !== ""}
        aria-describedby={problem === "" ? undefined : "q-problem"}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") type("");
          if (event.key === "ArrowDown") {
            event.preventDefault();
            document.querySelector<HTMLElement>("[data-result]")?.focus();
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
      {problem !== "" && <p id="q-problem" class="problem" role="status">{problem}</p>}
    </form>
  );
}
