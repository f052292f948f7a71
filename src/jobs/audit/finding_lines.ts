import { counted } from "../../errors/counted.ts";
import { type BuildPlace, titleOf } from "./build_place.ts";
import type { Cell, State } from "./ledger.ts";

/** So many locales are named in a line. */
const LOCALES_AT_MOST = 12;

/**
 * What of one product, channel and version has this state, in as few lines as say it: everything, a
 * whole platform, a whole day, a locale on all platforms, or else the locales of a platform.
 *
 * @param cells its matrix: what has the state, and what hasn't
 */
export function findingLines(cells: readonly Cell[], state: State): string[] {
  const [first] = cells;
  if (!first) return [];
  const title = `${state} ${titleOf(first.place)}`;
  const lines: string[] = [];
  let left = [...cells];
  /** Takes out the groups that have the state throughout. */
  const takeWhole = (
    of: (place: BuildPlace) => string,
    line: (group: Cell[], name: string) => string | undefined,
  ) => {
    for (const [name, group] of Map.groupBy(left, ({ place }) => of(place))) {
      if (group.some((cell) => cell.state !== state)) continue;
      const said = line(group, name);
      if (said === undefined) continue;
      lines.push(`${title}${said}`);
      const taken = new Set(group);
      left = left.filter((cell) => !taken.has(cell));
    }
  };
  takeWhole(() => "", (group) => {
    const [platforms, locales] = [distinct(group, "platform"), distinct(group, "locale")];
    if (group.length === 1) return undefined;
    return `: all ${group.length} builds (${platforms.join(", ")}; ${
      counted(locales.length, "locales")
    })`;
  });
  const platforms = distinct(left, "platform").length;
  takeWhole(
    ({ platform }) => platform,
    (group, platform) => group.length === 1 ? undefined : `, ${platform}: all ${size(group)}`,
  );
  takeWhole(
    ({ date }) => date,
    (group, date) =>
      date === "" || group.length === 1 ? undefined : `, ${date}: all ${size(group)}`,
  );
  takeWhole(
    ({ date, platform }) => `${date} ${platform}`.trim(),
    (group, name) => group.length === 1 ? undefined : `, ${name}: all ${size(group)}`,
  );
  takeWhole(
    ({ date, locale }) => `${date} ${locale}`.trim(),
    (group, name) =>
      group.length === 1 || distinct(group, "platform").length < platforms
        ? undefined
        : `, ${name}: on all ${group.length} platforms`,
  );
  const rest = Map.groupBy(left, ({ place }) => `${place.date} ${place.platform}`.trim());
  for (const [name, group] of rest) {
    const found = group.filter((cell) => cell.state === state);
    if (found.length === 0) continue;
    const of = found.length === 1 ? "" : ` ${found.length} of ${group.length}:`;
    lines.push(`${title}${name && `, ${name}`}:${of} ${namesOf(found)}`);
  }
  return lines;
}

function distinct(cells: readonly Cell[], part: "platform" | "locale"): string[] {
  return [...new Set(cells.map(({ place }) => place[part]))];
}

function size(cells: readonly Cell[]): string {
  const locales = distinct(cells, "locale");
  return locales.length === cells.length
    ? counted(locales.length, "locales")
    : `${cells.length} builds`;
}

function namesOf(cells: readonly Cell[]): string {
  const names = cells.map(({ place }) => place.locale || place.version);
  const others = names.length - LOCALES_AT_MOST;
  if (others <= 0) return names.join(", ");
  return `${names.slice(0, LOCALES_AT_MOST).join(", ")} and ${others} others`;
}
