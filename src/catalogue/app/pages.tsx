import { formatNumber } from "./format.ts";
import { Link } from "./link.tsx";
import type { State } from "./state.ts";
import type { Go } from "./use_address.ts";

/**
 * The pages to link to: the first, the last and those around the current one; 0 for a gap.
 *
 * @example
 * ```ts
 * import { pageNumbers } from "./pages.tsx";
 * if (pageNumbers(6, 96).join() !== "1,0,4,5,6,7,8,0,96") throw 1;
 * ```
 */
export function pageNumbers(page: number, pages: number): number[] {
  const numbers = [...new Set([1, page - 2, page - 1, page, page + 1, page + 2, pages])]
    .filter((number) => number >= 1 && number <= pages).sort((a, b) => a - b);
  return numbers.flatMap((number, i) => {
    const before = numbers[i - 1] ?? 0;
    // A gap of one page takes no more space than its number.
    if (number - before === 2) return [number - 1, number];
    return number - before > 2 ? [0, number] : number;
  });
}

/** Links to the other pages of results. */
export function Pages({ pages, state, go }: { pages: number; state: State; go: Go }) {
  if (pages <= 1) return null;
  const { page } = state;
  const to = (page: number) => ({ ...state, page });
  return (
    <nav class="pages" aria-label="Pages">
      {page > 1
        ? <Link key="previous" to={to(page - 1)} go={go}>← Previous</Link>
        : <span key="previous" class="off">← Previous</span>}
      <ol>
        {pageNumbers(page, pages).map((number, i) => (
          <li key={number || `gap ${i}`}>
            {number === 0 ? "…" : (
              <Link
                to={to(number)}
                go={go}
                aria-label={`Page ${number}`}
                aria-current={number === page ? "page" : undefined}
              >
                {formatNumber(number)}
              </Link>
            )}
          </li>
        ))}
      </ol>
      {page < pages
        ? <Link key="next" to={to(page + 1)} go={go}>Next →</Link>
        : <span key="next" class="off">Next →</span>}
    </nav>
  );
}
