/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { PRODUCTS } from "../../builds/products.ts";
import { channelClass, formatDate, formatShortAge, productName } from "./format.ts";
import { Link } from "./link.tsx";
import type { Build, Source } from "./source.ts";
import { EVERYTHING, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

/** The channels in the order in which a change passes through them. */
const CHANNELS = ["nightly", "aurora", "beta", "release", "esr"];

/** The usual maximum of days between two builds; older ones are marked. */
const USUAL_DAYS: Record<string, number> = { nightly: 2, aurora: 4, beta: 8, release: 45, esr: 60 };

/** When the newest build of each product and channel was published, which shows stale data. */
export function Newest({ source, state, go, attempt }: {
  source: Source;
  state: State;
  go: Go;
  /** Changes when they should be loaded again. */
  attempt: number;
}) {
  const [builds, setBuilds] = useState<Build[]>();
  useEffect(() => {
    let isCurrent = true;
    // The list reports a server that doesn't answer.
    source.newest().then((found) => isCurrent && setBuilds(found), () => {});
    return () => {
      isCurrent = false;
    };
  }, [source, attempt]);
  if (builds === undefined || builds.length === 0) return null;
  const now = Date.now();
  const valuesOf = (read: (build: Build) => string, order: readonly string[]) =>
    [...new Set(builds.map(read))].sort((a, b) => placeOf(order, a) - placeOf(order, b));
  const wanted = state.facets.product;
  const products = valuesOf(({ source }) => source.product, PRODUCTS.map(({ name }) => name))
    .filter((product) => wanted.length === 0 || wanted.includes(product));
  const channels = valuesOf(({ target }) => target.channel, CHANNELS)
    .filter((channel) => !channel.endsWith("-old-id"));
  return (
    <details class="newest" open={matchMedia("(min-width: 60rem)").matches}>
      <summary>Newest builds</summary>
      <table>
        <thead>
          <tr>
            <td />
            {channels.map((channel) => (
              <th key={channel} scope="col">
                <i class={`dot ${channelClass(channel)}`} />
                {channel}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {products.map((product) => (
            <tr key={product}>
              <th scope="row">{productName(product)}</th>
              {channels.map((channel) => {
                const build = builds.find(({ source, target }) =>
                  source.product === product && target.channel === channel
                );
                return (
                  <td key={channel}>{build && <NewestBuild build={build} now={now} go={go} />}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function NewestBuild({ build, now, go }: { build: Build; now: number; go: Go }) {
  const { source, target, download } = build;
  const date = download.date ?? "";
  const isOld = (now - Date.parse(date)) / 86_400_000 > (USUAL_DAYS[target.channel] ?? Infinity);
  const facets = { ...EVERYTHING.facets, product: [source.product], channel: [target.channel] };
  return (
    <Link to={{ ...EVERYTHING, facets }} go={go}>
      {target.version}
      <time
        class={isOld ? "old" : ""}
        dateTime={date}
        title={`${formatDate(date)} UTC${isOld ? "; older than usual" : ""}`}
      >
        {formatShortAge(date, now)}
      </time>
    </Link>
  );
}

function placeOf(known: readonly string[], name: string): number {
  const place = known.indexOf(name);
  return place < 0 ? known.length : place;
}
