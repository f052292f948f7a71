/// <reference lib="dom" />
import { useState } from "preact/hooks";
import type { FacetName } from "../../builds/facets.ts";
import type { Facet } from "./answers.ts";
import { channelClass, formatNumber, productName } from "./format.ts";
import { type State, withChoice } from "./state.ts";
import type { Go } from "./use_address.ts";

/** Values that are shown at first. */
const FEW = 8;

/** Most values that are shown at once: thousands of versions would take long to draw. */
const MANY = 300;

/** A facet's values as checkboxes; when there are many, with a field that filters them. */
export function FacetBox({ name, title, facet, state, go, onWantAll }: {
  name: FacetName;
  title: string;
  facet: Facet | undefined;
  state: State;
  go: Go;
  /** Called when all values are needed, not just the first. */
  onWantAll: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [filter, setFilter] = useState("");
  const chosen = state.facets[name];
  const values = facet?.values ?? chosen.map((value) => ({ value, count: undefined }));
  if (values.length === 0) return null;
  const textOf = (value: string) => name === "product" ? productName(value) : value;
  const total = facet?.total ?? 0;
  const matching = filter === ""
    ? values
    : values.filter(({ value }) => textOf(value).toLowerCase().includes(filter));
  const most = filter !== "" || isOpen ? MANY : FEW;
  const shown = matching.filter(({ value }, i) => i < most || chosen.includes(value));
  const hidden = (filter === "" ? total : matching.length) - shown.length;
  return (
    <fieldset class="facet">
      <legend>{title}</legend>
      {total > FEW && (
        <input
          type="text"
          class="narrow"
          placeholder={`Filter ${formatNumber(total)} ${title.toLowerCase()}s`}
          aria-label={`Filter ${title.toLowerCase()}s`}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={filter}
          onFocus={onWantAll}
          onInput={(event) => setFilter(event.currentTarget.value.trim().toLowerCase())}
          onKeyDown={(event) => event.key === "Escape" && setFilter("")}
        />
      )}
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
              <span class="value">{textOf(value)}</span>
              {count !== undefined && <span class="count">{formatNumber(count)}</span>}
            </label>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="none" role="status">None contains “{filter}”.</p>}
      {filter !== "" && hidden > 0 && <p class="none">and {formatNumber(hidden)} more</p>}
      {filter === "" && (hidden > 0 || isOpen) && (
        <button
          type="button"
          class="more"
          onClick={() => {
            if (!isOpen) onWantAll();
            setOpen(!isOpen);
          }}
        >
          {isOpen ? "Fewer" : `${formatNumber(hidden)} more`}
          <span class="unseen">of {title}</span>
        </button>
      )}
    </fieldset>
  );
}
