import { endOfNamedTime } from "./settled.ts";

/** A folder that the walk enters. */
export interface TrailFolder {
  /** With its slash; `""` for the one that holds the roots. */
  path: string;
  /** The names of the folders in it that the walk visits. */
  children: readonly string[];
  /** The date of the latest of its own files. */
  newest?: string;
  /** Whether the walk leaves out some of it. @default {false} */
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
 * The path from the root to the current folder of a depth-first walk. When the walk leaves a folder
 * of which everything is known, the date of the latest file in it, at any depth, is reported.
 */
export class CrawlTrail {
  readonly #steps: Step[] = [];
  readonly #onWhole: (path: string, newest: string) => void;

  /** @param onWhole called with each complete folder that has folders in it */
  constructor(onWhole: (path: string, newest: string) => void) {
    this.#onWhole = onWhole;
  }

  /** The share of the known folders that is behind the walk, from 0 to 1. */
  get progress(): number {
    let [done, weight] = [0, 1];
    for (const { children, passed } of this.#steps) {
      weight /= Math.max(children, 1);
      done += weight * passed;
    }
    return done;
  }

  /** Enters a folder of the current one. */
  enter({ path, children, newest = "", isPartial = false }: TrailFolder): void {
    this.#steps.push({ path, children: children.length, passed: 0, newest, isPartial });
  }

  /** Skips a folder whose latest date is known. */
  pass(newest: string): void {
    const step = this.#steps.at(-1)!;
    step.passed++;
    if (newest > step.newest) step.newest = newest;
  }

  /** Skips a folder of which nothing is known: those around it are incomplete. */
  miss(): void {
    const step = this.#steps.at(-1)!;
    step.passed++;
    step.isPartial = true;
  }

  /** Leaves the folders that don't contain this path. */
  leaveTo(path: string): void {
    while (!path.startsWith(this.#steps.at(-1)!.path)) this.#leave();
  }

  /** Leaves all folders: the walk is over. */
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
