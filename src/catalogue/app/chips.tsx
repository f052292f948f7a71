import { FACET_NAMES } from "../../builds/facets.ts";
import { formatDays, productName } from "./format.ts";
import { Link } from "./link.tsx";
import { isExpression } from "./search_text.ts";
import { EVERYTHING, listWith, type State, withChoice, wordsOf } from "./state.ts";
import type { Go } from "./use_address.ts";

/** The filters of the search, each with a link that removes it. */
export function Chips({ state, go }: { state: State; go: Go }) {
  const chips: [text: string, without: State][] = [
    ...isExpression(state.q) ? [[state.q, listWith(state, { q: "" })] as [string, State]] : [],
    ...wordsOf(state).map((word): [string, State] => [
      `“${word}”`,
      listWith(state, { q: wordsOf(state).filter((one) => one !== word).join(" ") }),
    ]),
    ...FACET_NAMES.flatMap((name) =>
      state.facets[name].map((value): [string, State] => [
        name === "product" ? productName(value) : value,
        withChoice(state, name, value, false),
      ])
    ),
    ...state.from || state.to
      ? [[
        formatDays(state.from, state.to),
        listWith(state, { from: "", to: "" }),
      ] as [string, State]]
      : [],
  ];
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters of this search">
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
