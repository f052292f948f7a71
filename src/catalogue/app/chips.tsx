import { FACET_NAMES } from "../../builds/facets.ts";
import { productName } from "./format.ts";
import { Link } from "./link.tsx";
import { EVERYTHING, type State, withChoice } from "./state.ts";
import type { Go } from "./use_address.ts";

/** What narrows the search, each with a way to take it away. */
export function Chips({ state, go }: { state: State; go: Go }) {
  const chips: [text: string, without: State][] = [
    ...state.q.split(/\s+/).filter((word) => word !== "").map((word): [string, State] => [
      `“${word}”`,
      { ...state, page: 1, q: state.q.split(/\s+/).filter((one) => one !== word).join(" ") },
    ]),
    ...FACET_NAMES.flatMap((name) =>
      state.facets[name].map((value): [string, State] => [
        name === "product" ? productName(value) : value,
        withChoice(state, name, value, false),
      ])
    ),
    ...state.from || state.to
      ? [[
        `${state.from || "…"} to ${state.to || "…"}`,
        { ...state, from: "", to: "", page: 1 },
      ] as [string, State]]
      : [],
  ];
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="What narrows the search">
      {chips.map(([text, without]) => (
        <li key={text}>
          <Link to={without} go={go} aria-label={`Remove ${text}`}>
            {text}
            <span aria-hidden="true">×</span>
          </Link>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <Link class="clear" to={{ ...EVERYTHING, sort: state.sort }} go={go}>Clear all</Link>
        </li>
      )}
    </ul>
  );
}
