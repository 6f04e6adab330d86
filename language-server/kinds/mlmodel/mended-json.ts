/** JSON with its one mistake at an offset mended; undefined when none of the usual ways out makes it JSON. */
export const mendedJson = (text: string, at: number): string | undefined => attempts(text, at).find((attempt) => attempt !== text && isList(attempt));

const attempts = (text: string, at: number): readonly string[] => {
  const [before, behind] = [text.slice(0, at), text.slice(at)];
  return [
    `${before.trimEnd().replace(/,$/, '')}${behind}`,
    `${before}${behind.replace(/^,/, '')}`,
    `${before.trimEnd()}, ${behind}`,
    `${before.trimEnd()}: ${behind.trimStart()}`,
    `${before}\\${behind}`,
    `${before}${behind.replace(/^(?:#|\/\/)[^\n]*$/, '')}`,
    `${before.trimEnd()}${behind.replace(/^.*$/s, '')}`,
    asDoubleQuoted(text),
    text.replaceAll(/(?<=[{,]\s*)(\w+)(?=\s*:)/g, '"$1"'),
    `${text}${closers(text)}`,
    text.replace(/[\]}\s]*$/, '"$&'),
    `${text}"${closers(`${text}"`)}`,
  ];
};

/** As Python prints a list. */
const asDoubleQuoted = (text: string): string =>
  text.includes('"')
    ? text
    : text
        .replaceAll("'", '"')
        .replaceAll(/\bTrue\b/g, 'true')
        .replaceAll(/\bFalse\b/g, 'false')
        .replaceAll(/\bNone\b/g, 'null');

const closers = (text: string): string => {
  const open: string[] = [];
  for (const [mark] of text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    if (mark === '[' || mark === '{') open.push(mark === '[' ? ']' : '}');
    else open.pop();
  }
  return open.toReversed().join('');
};

const isList = (text: string): boolean => {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    // This attempt is no JSON either.
    return false;
  }
};
