/** SQLite's way of comparing texts, for stores that are searched in memory. */

/** SQL LIKE, case-sensitive: `%` is any text, `_` one character. Linear in the length of the text for each `%`. */
export const isLike = (text: string, pattern: string): boolean => {
  const [characters, wanted] = [[...text], [...pattern]];
  let [at, next] = [0, 0];
  let [retryAt, retryNext] = [-1, -1];
  while (at < characters.length) {
    if (wanted[next] === '%') {
      [retryAt, retryNext] = [at, next];
      next += 1;
    } else if (next < wanted.length && (wanted[next] === '_' || wanted[next] === characters[at])) {
      at += 1;
      next += 1;
    } else if (retryNext >= 0) {
      retryAt += 1;
      at = retryAt;
      next = retryNext + 1;
    } else return false;
  }
  return wanted.slice(next).every((character) => character === '%');
};

/** SQLite's `lower()` knows ASCII only. */
export const lowerAscii = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** By code points, which is the order of their bytes in UTF-8. */
export const compareTexts = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rankOfUnit(left) - rankOfUnit(right);
  }
  return a.length - b.length;
};

/** Surrogates stand for the characters beyond all others. */
const rankOfUnit = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

export const compareNumbers = (a: number, b: number): number => (a < b ? -1 : Number(a > b));
