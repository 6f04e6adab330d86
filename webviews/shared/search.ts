/** Index of the first element that is not below `at`; the length when all are below. `x` ascends. */
export const lowerBound = (x: Float64Array, at: number): number => {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Index of the element nearest to `at`, -1 when there is none. `x` ascends. */
export const nearestIndex = (x: Float64Array, at: number): number => {
  if (x.length === 0) return -1;
  const right = Math.min(lowerBound(x, at), x.length - 1);
  const left = Math.max(right - 1, 0);
  return at - (x[left] ?? 0) <= (x[right] ?? 0) - at ? left : right;
};
