/** The value below which so many percent of the values are, with one digit. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * percent / 100))] ??
    NaN;
  return Math.round(value * 10) / 10;
}
