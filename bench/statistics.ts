export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Linear interpolation between the nearest ranks; `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * share;
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

export function quartiles(values: readonly number[]): { lower: number; upper: number } {
  return { lower: percentile(values, 0.25), upper: percentile(values, 0.75) };
}
