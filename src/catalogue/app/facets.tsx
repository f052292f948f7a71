/// <reference lib="dom" />
import { FACET_NAMES, type FacetName } from "../../builds/facets.ts";
import { useState } from "preact/hooks";
import { channelClass, formatNumber, productName } from "./format.ts";
import type { Facet, Overview } from "./source.ts";
import { type State, withChoice } from "./state.ts";
import type { Go } from "./use_address.ts";

const TITLES: Record<FacetName, string> = {
  product: "Product",
  channel: "Channel",
  platform: "Platform",
  locale: "Locale",
  version: "Version",
};

/** Values shown before someone asks for more. */
const FEW = 8;

/** The choices beside the results. */
export function Facets(
  { state, go, overview, onWantAll }: {
    state: State;
    go: Go;
    overview: Overview | undefined;
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
              onPick={(from) => go({ ...state, from, page: 1 })}
            />
            <Day label="to" value={state.to} onPick={(to) => go({ ...state, to, page: 1 })} />
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

function FacetBox({ name, facet, state, go, onWantAll }: {
  name: FacetName;
  facet: Facet | undefined;
  state: State;
  go: Go;
  onWantAll: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const chosen = state.facets[name];
  const values = facet?.values ?? chosen.map((value) => ({ value, count: undefined }));
  if (values.length === 0) return null;
  const shown = isOpen
    ? values
    : values.filter(({ value }, i) => i < FEW || chosen.includes(value));
  const hidden = (facet?.total ?? 0) - shown.length;
  return (
    <fieldset class="facet">
      <legend>{TITLES[name]}</legend>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={(event) =>
                  go(withChoice(state, name, value, event.currentTarget.checked))}
              />
              {name === "channel" && <i class={`dot ${channelClass(value)}`} />}
              <span class="value">{name === "product" ? productName(value) : value}</span>
              {count !== undefined && <span class="count">{formatNumber(count)}</span>}
            </label>
          </li>
        ))}
      </ul>
      {(hidden > 0 || isOpen) && (
        <button
          type="button"
          class="more"
          onClick={() => {
            if (!isOpen) onWantAll();
            setOpen(!isOpen);
          }}
        >
          {isOpen ? "Fewer" : `${formatNumber(hidden)} more`}
          <span class="unseen">of {TITLES[name]}</span>
        </button>
      )}
    </fieldset>
  );
}
