/// <reference lib="dom" />
import { render } from "preact";
import { App } from "./app.tsx";
import { kintoSource } from "./kinto_source.ts";
import { searchSource } from "./search_source.ts";
import { getJson, type Source } from "./source.ts";

const { server = "/v1", bucket = "", collection = "", search } =
  document.getElementById("app")?.dataset ?? {};

/** Any Kinto will do; one that says that it can search is asked to. */
async function sourceOf(): Promise<Source> {
  if (search === "yes") return searchSource(server, bucket, collection);
  try {
    const { capabilities } = await getJson<{ capabilities: { search?: { version?: string } } }>(
      `${server}/`,
    );
    if (capabilities.search?.version === "1") return searchSource(server, bucket, collection);
  } catch {
    // It's away; what the page asks next tells so.
  }
  return kintoSource(server, bucket, collection);
}

const root = document.getElementById("app");
if (root) render(<App source={await sourceOf()} />, root);
