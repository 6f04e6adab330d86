export interface Points {
  readonly steps: Float64Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

interface Window {
  readonly axis: 'step' | 'timestamp';
  readonly from: number;
  readonly to: number;
}

/** The plainest reading of what `HistoriesRequest` promises: lowest and highest per bucket, and both ends. */
export const downSample = (all: Points, buckets: number, window?: Window): { readonly total: number; readonly points: Points } => {
  const along = window?.axis === 'timestamp' ? all.timestamps : all.steps;
  const inside = [...along.keys()].filter((at) => window === undefined || within(along[at], window.from, window.to));
  if (inside.length <= 2 * buckets) return { total: inside.length, points: pick(all, inside) };
  const size = inside.length / buckets;
  const kept = new Set([inside[0] ?? 0, inside.at(-1) ?? 0]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const members = inside.slice(Math.floor(bucket * size), Math.floor((bucket + 1) * size));
    for (const at of extremes(members, all.values)) kept.add(at);
  }
  return {
    total: inside.length,
    points: pick(
      all,
      [...kept].sort((left, right) => left - right),
    ),
  };
};

const within = (value: number | undefined, from: number, to: number): boolean => value !== undefined && value >= from && value <= to;

const extremes = (members: readonly number[], values: Float64Array): readonly number[] => {
  const sorted = [...members].sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  return [sorted[0] ?? 0, sorted.at(-1) ?? 0];
};

const pick = (all: Points, at: readonly number[]): Points => ({
  steps: Float64Array.from(at, (index) => all.steps[index] ?? 0),
  timestamps: Float64Array.from(at, (index) => all.timestamps[index] ?? 0),
  values: Float64Array.from(at, (index) => all.values[index] ?? 0),
});
