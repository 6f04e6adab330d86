/**
 * Permutation importance by extremely randomised trees (Geurts, Ernst, Wehenkel 2006): splits at random
 * places, the best of a few. Small enough for a page, and the same numbers for the same runs.
 */
export interface Samples {
  /** One array per feature. */
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
}

type Tree =
  | { readonly kind: 'leaf'; readonly value: number }
  | { readonly kind: 'split'; readonly feature: number; readonly at: number; readonly below: Tree; readonly above: Tree };

const treeCount = 100;
const smallestLeaf = 2;
const deepest = 12;

/** Share of the explained variance that is lost when a feature's values are shuffled, per feature; at least 0. */
export const permutationImportance = (samples: Samples): readonly number[] => {
  const random = seededRandom(samples.target.length * 31 + samples.features.length);
  const lost = samples.features.map(() => 0);
  for (let tree = 0; tree < treeCount; tree++) {
    const { drawn, held } = bootstrap(samples.target.length, random);
    const grown = grow(samples, drawn, { random, depth: 0 });
    const error = errorOf(grown, samples, held);
    for (const feature of samples.features.keys()) {
      lost[feature] = (lost[feature] ?? 0) + errorOf(grown, shuffled(samples, feature, { held, random }), held) - error;
    }
  }
  const variance = varianceOf(samples.target, [...samples.target.keys()]);
  return lost.map((sum) => Math.max(0, sum / treeCount / (variance || 1)));
};

/** Mulberry32. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A tree learns from some samples, each perhaps more than once, and is judged by the others. */
const bootstrap = (count: number, random: () => number): { readonly drawn: readonly number[]; readonly held: readonly number[] } => {
  const drawn = Array.from({ length: count }, () => Math.floor(random() * count));
  const used = new Set(drawn);
  return { drawn, held: Array.from({ length: count }, (_, at) => at).filter((at) => !used.has(at)) };
};

interface Growth {
  readonly random: () => number;
  readonly depth: number;
}

const grow = (samples: Samples, members: readonly number[], { random, depth }: Growth): Tree => {
  const leaf: Tree = { kind: 'leaf', value: meanOf(samples.target, members) };
  if (depth >= deepest || members.length < 2 * smallestLeaf) return leaf;
  const split = bestSplit(samples, members, random);
  if (split === undefined) return leaf;
  const next = { random, depth: depth + 1 };
  return { kind: 'split', feature: split.feature, at: split.at, below: grow(samples, split.below, next), above: grow(samples, split.above, next) };
};

interface Split {
  readonly feature: number;
  readonly at: number;
  readonly below: readonly number[];
  readonly above: readonly number[];
  readonly score: number;
}

/** One random place per feature; the one that leaves the least variance wins. */
const bestSplit = ({ features, target }: Samples, members: readonly number[], random: () => number): Split | undefined => {
  let best: Split | undefined;
  for (const [feature, column] of features.entries()) {
    const at = randomPlace(column, members, random);
    if (at === undefined) continue;
    const below = members.filter((member) => (column[member] ?? 0) <= at);
    const above = members.filter((member) => (column[member] ?? 0) > at);
    if (below.length < smallestLeaf || above.length < smallestLeaf) continue;
    const score = below.length * varianceOf(target, below) + above.length * varianceOf(target, above);
    if (best === undefined || score < best.score) best = { feature, at, below, above, score };
  }
  return best;
};

const randomPlace = (column: Float64Array, members: readonly number[], random: () => number): number | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const member of members) {
    low = Math.min(low, column[member] ?? low);
    high = Math.max(high, column[member] ?? high);
  }
  return low < high ? low + random() * (high - low) : undefined;
};

const meanOf = (values: Float64Array, members: readonly number[]): number => members.reduce((sum, member) => sum + (values[member] ?? 0), 0) / members.length;

const varianceOf = (values: Float64Array, members: readonly number[]): number => {
  const centre = meanOf(values, members);
  return members.reduce((sum, member) => sum + ((values[member] ?? 0) - centre) ** 2, 0) / members.length;
};

const predict = (tree: Tree, features: readonly Float64Array[], sample: number): number => {
  let node = tree;
  while (node.kind === 'split') node = (features[node.feature]?.[sample] ?? 0) <= node.at ? node.below : node.above;
  return node.value;
};

const errorOf = (tree: Tree, { features, target }: Samples, members: readonly number[]): number =>
  members.length === 0 ? 0 : members.reduce((sum, member) => sum + (predict(tree, features, member) - (target[member] ?? 0)) ** 2, 0) / members.length;

/** The same samples, with one feature dealt anew among those held back. */
const shuffled = (samples: Samples, feature: number, { held, random }: { readonly held: readonly number[]; readonly random: () => number }): Samples => {
  const column = Float64Array.from(samples.features[feature] ?? []);
  for (let last = held.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a = 0, b = 0] = [held[last], held[other]];
    [column[a], column[b]] = [column[b] ?? 0, column[a] ?? 0];
  }
  return { features: samples.features.map((original, at) => (at === feature ? column : original)), target: samples.target };
};
