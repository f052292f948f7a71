/// <reference lib="dom" />
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { hrefOf, searchOf, type State, stateOf } from "./state.ts";

/** Changes what is shown. Typing replaces the address of the key before; all else is a new step. */
export type Go = (state: State, options?: { isTyping?: boolean }) => void;

/** What the address says, and how to change it; back and forward work. */
export function useAddress(): [State, Go] {
  const [state, setState] = useState(() => stateOf(location.search));
  const wasTyping = useRef(false);
  const current = useRef(state);
  current.current = state;

  const go = useCallback<Go>((next, { isTyping = false } = {}) => {
    if (searchOf(next) !== searchOf(current.current)) {
      if (isTyping && wasTyping.current) history.replaceState(null, "", hrefOf(next));
      else history.pushState(null, "", hrefOf(next));
    }
    const { id, page } = current.current;
    if (next.id !== id || next.page !== page) scrollTo(0, 0);
    wasTyping.current = isTyping;
    setState(next);
  }, []);

  useEffect(() => {
    const follow = () => {
      wasTyping.current = false;
      setState(stateOf(location.search));
    };
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  return [state, go];
}
