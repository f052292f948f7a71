/// <reference lib="dom" />
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Keeps the keyboard's place when the view changes: once it is complete, focuses the link that
 * leads to the view that was left, or the view itself.
 *
 * @param left the address of the view that was left; `""` when there was none
 */
export function useFocus(left: string, isComplete: boolean): void {
  const done = useRef("");
  useLayoutEffect(() => {
    if (!isComplete || done.current === left) return;
    done.current = left;
    // Typing in the search box, for example, has left a build.
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const main = document.querySelector("main");
    const link = main?.querySelector<HTMLElement>(`a[href="${CSS.escape(left)}"]:not(.back)`);
    if (link) link.focus();
    else main?.focus({ preventScroll: true });
  }, [left, isComplete]);
}
