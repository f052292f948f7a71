/// <reference lib="dom" />
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { hrefOf, searchOf, type State, stateOf } from "./state.ts";

/** Shows another state. Typing replaces the entry of the previous key; all else adds one. */
export type Go = (state: State, options?: { isTyping?: boolean }) => void;

/** The state of the address, and how to change it. */
export interface Address {
  state: State;
  go: Go;
  /** The address of the view that was shown before; `""` at first. */
  left: string;
}

/** Follows the address, back and forward included. */
export function useAddress(): Address {
  const [{ state, left }, setShown] = useState(() => ({
    state: stateOf(location.search),
    left: "",
  }));
  const wasTyping = useRef(false);
  const mustScroll = useRef(false);
  const current = useRef(state);

  const show = (next: State) => {
    const before = current.current;
    current.current = next;
    setShown(({ left }) => ({
      state: next,
      left: viewOf(next) === viewOf(before) ? left : hrefOf(before),
    }));
  };

  const go = useCallback<Go>((next, { isTyping = false } = {}) => {
    if (searchOf(next) !== searchOf(current.current)) {
      if (isTyping && wasTyping.current) history.replaceState(null, "", hrefOf(next));
      else history.pushState(null, "", hrefOf(next));
    }
    wasTyping.current = isTyping;
    // Another view or page begins at its top. Going back, the browser restores the position.
    mustScroll.current = viewOf(next) !== viewOf(current.current) ||
      next.page !== current.current.page;
    show(next);
  }, []);

  useLayoutEffect(() => {
    if (mustScroll.current) scrollTo(0, 0);
    mustScroll.current = false;
  }, [state]);

  useEffect(() => {
    const follow = () => {
      wasTyping.current = false;
      show(stateOf(location.search));
    };
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  return { state, go, left };
}

/** Which of the views a state shows: the list, a build id's or a build's. */
export function viewOf({ build, id }: State): string {
  return id !== "" ? `id ${id}` : build !== "" ? `build ${build}` : "list";
}
