import type { Work } from "./work.ts";

/** Orders items; never 0. */
export type Compare = (a: number, b: number) => number;

const ITEMS_PER_SLICE = 1 << 13;

/**
 * The first items in an order, sorted. Few of many are picked without sorting all.
 *
 * @param items numbers; left as they are
 * @param count how many are wanted
 */
export function* firstSorted(
  items: Uint32Array,
  count: number,
  compare: Compare,
): Work<Uint32Array> {
  if (count * 8 > items.length) return (yield* sorted(items, compare)).subarray(0, count);
  return yield* sorted(yield* first(items, count, compare), compare);
}

/** All items sorted: pieces, which are then merged. */
export function* sorted(items: Uint32Array, compare: Compare): Work<Uint32Array> {
  let current = items.slice();
  for (let start = 0; start < current.length; start += ITEMS_PER_SLICE) {
    current.subarray(start, start + ITEMS_PER_SLICE).sort(compare);
    yield;
  }
  for (let width = ITEMS_PER_SLICE; width < current.length; width *= 2) {
    const merged = new Uint32Array(current.length);
    for (let start = 0; start < current.length; start += 2 * width) {
      const middle = Math.min(start + width, current.length);
      const end = Math.min(start + 2 * width, current.length);
      for (let a = start, b = middle, next = start; next < end; next++) {
        const takesLeft = a < middle && (b >= end || compare(current[a]!, current[b]!) < 0);
        merged[next] = takesLeft ? current[a++]! : current[b++]!;
        if (next % ITEMS_PER_SLICE === 0) yield;
      }
    }
    current = merged;
  }
  return current;
}

/** The first items in an order, in any order: a heap whose root is the last of them. */
function* first(items: Uint32Array, count: number, compare: Compare): Work<Uint32Array> {
  const heap = items.slice(0, count);
  if (count === 0) return heap;
  const sink = (root: number) => {
    for (let parent = root;;) {
      let last = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && compare(heap[child]!, heap[last]!) > 0) last = child;
      }
      if (last === parent) return;
      [heap[parent], heap[last]] = [heap[last]!, heap[parent]!];
      parent = last;
    }
  };
  for (let root = heap.length >>> 1; root >= 0; root--) sink(root);
  for (let i = count; i < items.length; i++) {
    if (compare(items[i]!, heap[0]!) < 0) {
      heap[0] = items[i]!;
      sink(0);
    }
    if (i % ITEMS_PER_SLICE === 0) yield;
  }
  return heap;
}
