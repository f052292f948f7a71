/// <reference lib="dom" />
import { render } from "preact";
import { App } from "./app.tsx";
import { enhanceDocs } from "./docs.ts";
import { kintoSource } from "./kinto_source.ts";
import { searchSource } from "./search_source.ts";
import { getJson, type Source } from "./source.ts";

const { server = "/v1", bucket = "", collection = "", search } = document.body.dataset;

/** The search endpoint where the server has one, otherwise Kinto's filters. */
async function chooseSource(): Promise<Source> {
  if (search === "yes") return searchSource(server, bucket, collection);
  try {
    const { capabilities } = await getJson<{ capabilities: { search?: { version?: string } } }>(
      `${server}/`,
    );
    if (capabilities.search?.version === "1") return searchSource(server, bucket, collection);
  } catch {
    // The requests that follow report a server that doesn't answer.
  }
  return kintoSource(server, bucket, collection);
}

const root = document.getElementById("app");
const source = await chooseSource();
if (root) render(<App source={source} />, root);
else await enhanceDocs(source);
