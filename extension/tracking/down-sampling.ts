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
  const keep = new Set<number>([0, count - 1]);
  for (const bucket of fillBuckets(points.values, (index) =>
    width > 0 ? Math.min(Math.floor(((positions[index] ?? from) - from) / width), buckets - 1) : 0,
  )) {
    for (const index of [bucket.smallest, bucket.largest, bucket.notANumber]) if (index >= 0) keep.add(index);
  }
  return Uint32Array.from(keep).sort();
};

const fillBuckets = (values: Float64Array, bucketOf: (index: number) => number): readonly Bucket[] => {
  const filled: Bucket[] = [];
  let current = Number.NaN;
  let bucket: Bucket = { smallest: -1, largest: -1, notANumber: -1 };
  for (let index = 0; index < values.length; index++) {
    const number = bucketOf(index);
    if (number !== current) {
      bucket = { smallest: -1, largest: -1, notANumber: -1 };
      filled.push(bucket);
      current = number;
    }
    addPoint(bucket, values, index, values[index] ?? Number.NaN);
  }
  return filled;
};

/** Of equal values the first one stays. */
const addPoint = (bucket: Bucket, values: Float64Array, index: number, value: number): void => {
  if (Number.isNaN(value)) {
    if (bucket.notANumber < 0) bucket.notANumber = index;
    return;
  }
  if (bucket.smallest < 0 || value < (values[bucket.smallest] ?? 0)) bucket.smallest = index;
  if (bucket.largest < 0 || value > (values[bucket.largest] ?? 0)) bucket.largest = index;
};

export const pick = (points: Points, indexes: Uint32Array): Points => ({
  steps: Float64Array.from(indexes, (index) => points.steps[index] ?? 0),
  timestamps: Float64Array.from(indexes, (index) => points.timestamps[index] ?? 0),
  values: Float64Array.from(indexes, (index) => points.values[index] ?? 0),
});
