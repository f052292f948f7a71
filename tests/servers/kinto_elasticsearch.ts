import { type Elasticsearch, startElasticsearch } from "./elasticsearch.ts";
import { type Kinto, startKinto } from "./kinto.ts";
import { PYTHON_PACKAGES } from "./python.ts";

/** A real Kinto that keeps a real Elasticsearch up to date, and has its `search` endpoint. */
export interface KintoElasticsearch extends Kinto {
  elasticsearch: Elasticsearch;
}

/** Starts both, empty. What is written can be searched at once. */
export async function startKintoElasticsearch(
  settings: Record<string, string> = {},
): Promise<KintoElasticsearch> {
  await using stack = new AsyncDisposableStack();
  const elasticsearch = stack.use(await startElasticsearch());
  const kinto = stack.use(
    await startKinto({
      packages: ["kinto-elasticsearch", PYTHON_PACKAGES.kintoElasticsearch],
      settings: {
        "kinto.includes": "kinto.plugins.flush kinto_elasticsearch",
        "kinto.elasticsearch.hosts": new URL(elasticsearch.url).host,
        "kinto.elasticsearch.force_refresh": "true",
        ...settings,
      },
    }),
  );
  const parts = stack.move();
  return { ...kinto, elasticsearch, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
