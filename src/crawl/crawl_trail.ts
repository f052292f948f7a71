import { endOfNamedTime } from "./settled.ts";

/** A folder that is being walked through. */
export interface TrailFolder {
  /** With its slash; `""` for the one that holds the roots. */
  path: string;
  /** What is entered in it. */
  children: readonly string[];
  /** The date of the latest of its own files. */
  newest?: string;
  /** Something in it is left out. @default {false} */
  isPartial?: boolean;
}

interface Step {
  path: string;
  children: number;
  passed: number;
  newest: string;
  isPartial: boolean;
}

/**
 * The way from the root to the folder whose turn it is. Of each folder that is left, with all that
 * is in it, it tells the date of the latest thing; of one in which something is missing nothing.
 */
export class CrawlTrail {
  readonly #steps: Step[] = [];
  readonly #onWhole: (path: string, newest: string) => void;

  constructor(onWhole: (path: string, newest: string) => void) {
    this.#onWhole = onWhole;
  }

  /** The share of what is known that lies behind, from 0 to 1. */
  get progress(): number {
    let [done, weight] = [0, 1];
    for (const { children, passed } of this.#steps) {
      weight /= Math.max(children, 1);
      done += weight * passed;
    }
    return done;
  }

  /** Goes into a folder of the last one. */
  enter({ path, children, newest = "", isPartial = false }: TrailFolder): void {
    this.#steps.push({ path, children: children.length, passed: 0, newest, isPartial });
  }

  /** Passes by a folder that is known already. */
  pass(newest: string): void {
    const step = this.#steps.at(-1)!;
    step.passed++;
    if (newest > step.newest) step.newest = newest;
  }

  /** Passes by a folder of which nothing is known. */
  miss(): void {
    const step = this.#steps.at(-1)!;
    step.passed++;
    step.isPartial = true;
  }

  /** Leaves the folders that don't lead to this path. */
  leaveTo(path: string): void {
    while (!path.startsWith(this.#steps.at(-1)!.path)) this.#leave();
  }

  /** Leaves all. */
  leave(): void {
    while (this.#steps.length > 1) this.#leave();
  }

  #leave(): void {
    const { path, newest, isPartial, children } = this.#steps.pop()!;
    if (isPartial) return this.miss();
    const date = newest || endOfNamedTime(path) || "";
    if (children > 0 && date !== "") this.#onWhole(path, date);
    this.pass(date);
  }
}
