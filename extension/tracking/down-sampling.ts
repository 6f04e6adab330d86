/** Points of one metric of one run, sorted by the axis; three columns of one length. */
export interface Points {
  readonly steps: Float64Array;
  /** ms since the epoch. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

export interface DownSampling {
  readonly axis: 'step' | 'timestamp';
  readonly buckets: number;
  /** What the buckets divide; the extent of the points when absent. */
  readonly window?: { readonly from: number; readonly to: number };
}

/** What a bucket keeps: indexes of its smallest and largest value and of its first NaN; -1 for none. */
interface Bucket {
  smallest: number;
  largest: number;
  notANumber: number;
}

/**
 * Indexes of the points to draw: the first and the last, and per bucket of the axis the smallest and the
 * largest value and a NaN, so that no peak and no gap is lost. Down-sampling what is down-sampled changes nothing.
 */
export const downSample = (points: Points, { axis, buckets, window }: DownSampling): Uint32Array => {
  const count = points.values.length;
  if (count <= 2 * buckets + 2) return Uint32Array.from({ length: count }, (_, index) => index);
  const positions = axis === 'step' ? points.steps : points.timestamps;
  const from = window?.from ?? positions[0] ?? 0;
  const width = ((window?.to ?? positions[count - 1] ?? 0) - from) / buckets;
  return keepOfBuckets(points.values, positions, { from, width, last: buckets - 1 });
};

/** A loop without a call or an object for each point: there are millions of them. */
const keepOfBuckets = (values: Float64Array, positions: Float64Array, { from, width, last }: Grid): Uint32Array => {
  const kept = [0];
  const bucket: Bucket = { smallest: -1, largest: -1, notANumber: -1 };
  let current = Number.NaN;
  for (let index = 0; index < values.length; index++) {
    const place = width > 0 ? Math.min(Math.floor(((positions[index] ?? 0) - from) / width), last) : 0;
    if (place !== current) {
      keepInOrder(kept, bucket);
      bucket.smallest = bucket.largest = bucket.notANumber = -1;
      current = place;
    }
    const value = values[index] ?? 0;
    if (value !== value) {
      if (bucket.notANumber < 0) bucket.notANumber = index;
      continue;
    }
    // Of equal values the first one stays.
    if (bucket.smallest < 0 || value < (values[bucket.smallest] ?? 0)) bucket.smallest = index;
    if (bucket.largest < 0 || value > (values[bucket.largest] ?? 0)) bucket.largest = index;
  }
  keepInOrder(kept, bucket);
  keepOnce(kept, values.length - 1);
  return Uint32Array.from(kept);
};

interface Grid {
  readonly from: number;
  readonly width: number;
  /** Number of the last bucket. */
  readonly last: number;
}

const keepInOrder = (kept: number[], { smallest, largest, notANumber }: Bucket): void => {
  const [first, second] = smallest < largest ? [smallest, largest] : [largest, smallest];
  keepOnce(kept, Math.min(notANumber, first));
  keepOnce(kept, Math.max(first, Math.min(notANumber, second)));
  keepOnce(kept, Math.max(notANumber, second));
};

/** Indexes come in ascending order, some of them twice; -1 is none. */
const keepOnce = (kept: number[], index: number): void => {
  if (index > (kept[kept.length - 1] ?? -1)) kept.push(index);
};

export const pick = (points: Points, indexes: Uint32Array): Points => ({
  steps: pickFrom(points.steps, indexes),
  timestamps: pickFrom(points.timestamps, indexes),
  values: pickFrom(points.values, indexes),
});

const pickFrom = (column: Float64Array, indexes: Uint32Array): Float64Array => {
  const picked = new Float64Array(indexes.length);
  for (let at = 0; at < indexes.length; at++) picked[at] = column[indexes[at] ?? 0] ?? 0;
  return picked;
};
