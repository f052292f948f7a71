/**
 * What a job counted, as data. With LOG_FORMAT=json each event is an object of the log; for people
 * each is a line of text, which is made here and nowhere else.
 *
 * @module
 */
import { counted } from "../errors/counted.ts";

/** One line of a summary. */
export type SummaryEvent = SumEvent | GroupEvent | TextEvent;

/** A total and the parts that it's the sum of: `6640 rows = 3756 ignored + 2884 builds`. */
export interface SumEvent {
  /** What is counted, in the plural: `rows`. */
  event: string;
  count: number;
  /** The parts by name, in their order: `{ ignored: 3756, builds: 2884 }`. */
  parts: Readonly<Record<string, number>>;
  /** The parts whose text isn't their name. */
  names?: Readonly<Record<string, string>>;
  /** What comes before it in the text, such as the command. */
  label?: string;
  /** What follows in the text. */
  note?: string;
}

/** One of the reasons of a part, in a line below its sum: `3313 not an installer`. */
export interface GroupEvent {
  /** The part: `ignored`. */
  event: string;
  reason: string;
  count: number;
}

/** Anything else: its text, and the same as data. */
export interface TextEvent {
  event: string;
  text: string;
  /** Numbers and names of the text. */
  data?: Readonly<Record<string, string | number>>;
}

/**
 * The line of a job that was interrupted, before its numbers.
 *
 * @param done how far it came: `12 of 30 pieces`
 */
export function interruptedAfter(done: string): SummaryEvent {
  return { event: "interrupted", text: `Interrupted after ${done}`, data: { done } };
}

/**
 * An event as text, without a line break.
 *
 * @example
 * ```ts
 * import { summaryLine } from "./summary.ts";
 * const parts = { ignored: 2, builds: 1 };
 * const line = summaryLine({ event: "rows", count: 3, parts });
 * if (line !== "3 rows = 2 ignored + 1 build") throw new Error(line);
 * ```
 */
export function summaryLine(event: SummaryEvent): string {
  if ("text" in event) return event.text;
  if ("reason" in event) return `  ${event.count} ${event.reason}`;
  const { names = {}, label = "", note = "" } = event;
  const parts = Object.entries(event.parts)
    .map(([name, count]) => counted(count, names[name] ?? name));
  const sum = `${counted(event.count, event.event)} = ${parts.join(" + ")}`;
  return `${label && `${label}: `}${sum}${note && ` ${note}`}`;
}

/**
 * An event as data, under stable names.
 *
 * @example
 * ```ts
 * import { summaryData } from "./summary.ts";
 * const data = summaryData({ event: "files", count: 3, parts: { rows: 2, "too old": 1 } });
 * if (JSON.stringify(data) !== '{"event":"files","count":3,"rows":2,"tooOld":1}') throw data;
 * ```
 */
export function summaryData(event: SummaryEvent): Record<string, string | number> {
  const { event: name } = event;
  if ("text" in event) return { event: name, ...event.data };
  if ("reason" in event) return { event: name, reason: event.reason, count: event.count };
  const parts = Object.entries(event.parts).map(([name, count]) => [camelCase(name), count]);
  return { event: name, count: event.count, ...Object.fromEntries(parts) };
}

function camelCase(words: string): string {
  return words.replaceAll(/[^a-z]+(\w)/gi, (_, letter: string) => letter.toUpperCase());
}
