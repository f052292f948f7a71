/// <reference lib="dom" />
import type { ComponentChildren } from "preact";
import { hrefOf, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** A link within the page, with a real address: it can be opened in a tab, copied and shared. */
export function Link(
  { to, go, children, ...rest }: {
    to: State;
    go: Go;
    children: ComponentChildren;
    class?: string;
    title?: string;
    "aria-label"?: string;
    "aria-current"?: "page";
    "data-result"?: boolean;
  },
) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    go(to);
  };
  return <a href={hrefOf(to)} onClick={onClick} {...rest}>{children}</a>;
}
