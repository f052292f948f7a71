/// <reference lib="dom" />
import { render } from "preact";
import { App } from "./app.tsx";
import { enhanceDocs } from "./docs.ts";
import { Source } from "./source.ts";

const { server = "/v1", bucket = "", collection = "" } = document.body.dataset;
const source = new Source(server, bucket, collection);
const root = document.getElementById("app");
if (root) render(<App source={source} />, root);
else await enhanceDocs(source);
