/** In which detail and in which parts a compare page asks for histories: its host reads some of them before it is asked. */

const bucketSizes = [50, 100, 200, 400, 800, 1600];
const pointBudget = 200_000;

/**
 * About two points (the lowest and the highest) per pixel, fewer when there are many lines. A handful of
 * sizes, the nearest one: resizing a card a little asks for nothing.
 */
export const bucketsFor = (width: number, lines: number): number => {
  const wanted = Math.min(width * Math.SQRT2, pointBudget / 2 / Math.max(lines, 1));
  return bucketSizes.findLast((size) => size <= wanted) ?? bucketSizes[0] ?? 50;
};

/** CSS pixels; nearly all cards that are not made wider ask for the same detail. */
const usualChart = 400;

/** The detail in which a page will most likely ask for the histories of so many runs, of fewer than a few undefined: those are read quickly. */
export const likelyDetail = (runs: number): number | undefined => (runs < fewestToHalve ? undefined : bucketsFor(usualChart, runs));

/** So that the first lines of a thousand are on screen while the others are read. */
export const runsPerRequest = 250;

/** Of fewer runs a half is not worth another request. */
const fewestToHalve = 40;

/** How many of so many runs one request has: a store reads two requests at the same time. */
export const runsInRequest = (runs: number, most: number): number => (runs < fewestToHalve ? most : Math.min(most, Math.ceil(runs / 2)));

export const inParts = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
