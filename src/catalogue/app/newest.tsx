import { useEffect, useState } from "preact/hooks";
import { channelClass, formatAge, formatDate, productName } from "./format.ts";
import { Link } from "./link.tsx";
import type { Build, Source } from "./source.ts";
import { EVERYTHING, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** The channels in the order in which a change goes through them. */
const CHANNELS = ["nightly", "aurora", "beta", "release", "esr"];

const PRODUCTS = ["firefox", "devedition", "thunderbird", "fennec"];

/** How many days a channel is usually silent at most: what is older is marked. */
const USUAL_DAYS: Record<string, number> = { nightly: 2, aurora: 4, beta: 8, release: 45, esr: 60 };

/** When the newest build of each product and channel was published: tells if the data is stale. */
export function Newest({ source, state, go, version }: {
  source: Source;
  state: State;
  go: Go;
  /** Changes when there may be new ones. */
  version: unknown;
}) {
  const [builds, setBuilds] = useState<Build[]>();
  useEffect(() => {
    let isWanted = true;
    // What went wrong is told beside the results.
    source.newest().then((found) => isWanted && setBuilds(found), () => {});
    return () => {
      isWanted = false;
    };
  }, [source, version]);
  if (builds === undefined || builds.length === 0) return null;
  const now = Date.now();
  const products = [...new Set(builds.map(({ source }) => source.product))]
    .sort((a, b) => placeOf(PRODUCTS, a) - placeOf(PRODUCTS, b));
  const wanted = state.facets.product;
  return (
    <section class="newest" aria-labelledby="newest">
      <h2 id="newest">Newest builds</h2>
      {products.filter((product) => wanted.length === 0 || wanted.includes(product))
        .map((product) => (
          <dl key={product}>
            <dt>{productName(product)}</dt>
            {builds.filter(({ source }) => source.product === product)
              .sort((a, b) =>
                placeOf(CHANNELS, a.target.channel) - placeOf(CHANNELS, b.target.channel)
              )
              .map((build) => <NewestBuild key={build.id} build={build} now={now} go={go} />)}
          </dl>
        ))}
    </section>
  );
}

function NewestBuild({ build, now, go }: { build: Build; now: number; go: Go }) {
  const { source, target, download } = build;
  const date = download.date ?? "";
  const days = (now - Date.parse(date)) / 86_400_000;
  const isOld = days > (USUAL_DAYS[target.channel] ?? Infinity);
  const facets = {
    ...EVERYTHING.facets,
    product: [source.product],
    channel: [target.channel],
  };
  return (
    <dd>
      <Link to={{ ...EVERYTHING, facets }} go={go}>
        <i class={`dot ${channelClass(target.channel)}`} />
        {target.channel}
      </Link>
      <span class="version">{target.version}</span>
      <time
        class={isOld ? "old" : ""}
        dateTime={date}
        title={`${formatDate(date)} UTC${isOld ? "; longer ago than usual" : ""}`}
      >
        {formatAge(date, now)}
      </time>
    </dd>
  );
}

function placeOf(known: readonly string[], name: string): number {
  const place = known.indexOf(name);
  return place < 0 ? known.length : place;
}
