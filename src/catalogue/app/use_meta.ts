/// <reference lib="dom" />
import { useEffect } from "preact/hooks";
import type { Meta } from "./meta.ts";

/** Sets the title and the description of the document. */
export function useMeta({ title, description }: Meta): void {
  useEffect(() => {
    document.title = title;
    for (
      const [selector, text] of [
        ["meta[name=description]", description],
        ["meta[property='og:title']", title],
        ["meta[property='og:description']", description],
      ] as const
    ) {
      document.querySelector(selector)?.setAttribute("content", text);
    }
  }, [title, description]);
}
