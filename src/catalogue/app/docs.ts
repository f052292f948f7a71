/// <reference lib="dom" />
import { EXAMPLE } from "../example_build.ts";
import { copied } from "./copy_button.tsx";
import type { Source } from "./source.ts";

/** Adds to the API's page what needs scripts: copy buttons, and examples that find something. */
export async function enhanceDocs(source: Source): Promise<void> {
  for (const block of document.querySelectorAll("pre")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      button.textContent = await copied(block.textContent);
      setTimeout(() => button.textContent = "Copy", 1500);
    });
    block.after(button);
  }
  // The examples ask for a build that a small collection may not have.
  const newest = await source.newest().catch(() => []);
  const build = newest.find(({ source, target }) =>
    source.product === "firefox" && target.channel === "release"
  );
  if (build?.build === undefined) return;
  for (const code of document.querySelectorAll("pre code")) {
    code.textContent = code.textContent
      .replaceAll(EXAMPLE.buildId, build.build.id)
      .replaceAll(EXAMPLE.version, build.target.version);
  }
}
