/// <reference lib="dom" />
import { FACET_NAMES, type FacetName } from "../../builds/facets.ts";
import { FacetBox } from "./facet_box.tsx";
import type { Overview } from "./source.ts";
import { listWith, type State } from "./state.ts";
import type { Go } from "./use_address.ts";

const TITLES: Record<FacetName, string> = {
  product: "Product",
  channel: "Channel",
  platform: "Platform",
  locale: "Locale",
  version: "Version",
};

/** The filters beside the results. */
export function Facets(
  { state, go, overview, onWantAll }: {
    state: State;
    go: Go;
    overview: Overview | undefined;
    /** Called when all values of the facets are needed. */
    onWantAll: () => void;
  },
) {
  const chosen = FACET_NAMES.reduce((sum, name) => sum + state.facets[name].length, 0) +
    (state.from || state.to ? 1 : 0);
  return (
    <aside aria-label="Filters">
      <details class="filters" open={matchMedia("(min-width: 60rem)").matches}>
        <summary>Filters{chosen > 0 && <span class="badge">{chosen}</span>}</summary>
        <div class="facets">
          {FACET_NAMES.map((name) => (
            <FacetBox
              key={name}
              name={name}
              title={TITLES[name]}
              facet={overview?.facets[name]}
              state={state}
              go={go}
              onWantAll={onWantAll}
            />
          ))}
          <fieldset class="facet days">
            <legend>Published</legend>
            <Day
              label="from"
              value={state.from}
              onPick={(from) => go(listWith(state, { from }))}
            />
            <Day label="to" value={state.to} onPick={(to) => go(listWith(state, { to }))} />
          </fieldset>
        </div>
      </details>
    </aside>
  );
}

function Day({ label, value, onPick }: {
  label: string;
  value: string;
  onPick: (day: string) => void;
}) {
  return (
    <label>
      {label}
      <input
        type="date"
        value={value}
        min="1998-01-01"
        max="2099-12-31"
        onChange={(event) => onPick(event.currentTarget.value)}
      />
    </label>
  );
}
