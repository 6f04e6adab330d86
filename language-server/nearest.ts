/** The candidate that a misspelled word is most likely meant to be; undefined when none is near. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  const limit = word.length < 3 ? 0 : Math.max(1, Math.floor(word.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = isShortFor(word, candidate) ? 1 : editDistance(normalized(word), normalized(candidate), limit);
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
};

/** The same where names of one's own are allowed: only what hardly anybody would write on purpose. */
export const misspelled = (word: string, candidates: Iterable<string>): string | undefined => {
  const limit = word.length < 6 ? 1 : 2;
  return [...candidates].find((candidate) => word.length > 3 && editDistance(normalized(word), normalized(candidate), limit) <= limit);
};

/** `params` is short for `parameters`. */
const isShortFor = (word: string, candidate: string): boolean => word.length >= 5 && candidate.startsWith(word.replace(/s$/, ''));

/** `entry points`, `entryPoints` and `entry-points` are all `entry_points`. */
const normalized = (text: string): string =>
  text
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[-\s]+/g, '_');

/** Insertions, deletions, replacements and swaps of neighbours; above `limit` any larger number. */
const editDistance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const replaced = at(last, column - 1) + (isSame ? 0 : 1);
      const swapped = isSwap && row > 1 && column > 1 ? at(beforeLast, column - 2) + 1 : Infinity;
      current.push(Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
};

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
