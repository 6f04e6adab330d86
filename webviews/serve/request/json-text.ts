/** JSON as text: numbers stay as they were written, because a `long` can be larger than what JavaScript counts exactly. */

export const objectText = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`;

export const listText = (items: readonly string[]): string => `[${items.join(', ')}]`;

/** Undefined when the text is no JSON. */
export const parseJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
};

/** What a browser says of text that is no JSON, without its own name for it. */
export const jsonProblem = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The members of an object or the items of a list as the texts that they were written with; undefined for
 * everything else. The text is JSON.
 */
export const splitJson = (text: string): readonly { readonly key: string | undefined; readonly text: string }[] | undefined => {
  const trimmed = text.trim();
  const isObject = trimmed.startsWith('{');
  if (!isObject && !trimmed.startsWith('[')) return undefined;
  return splitTop(trimmed.slice(1, -1)).map((part) => {
    if (!isObject) return { key: undefined, text: part };
    const [key = ''] = /^\s*"(?:[^"\\]|\\.)*"/.exec(part) ?? [];
    return { key: String(JSON.parse(key)), text: part.slice(part.indexOf(':', key.length) + 1).trim() };
  });
};

/** At the commas that are in no string and no bracket. */
const splitTop = (text: string): readonly string[] => {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (token !== ',' || depth > 0) continue;
    parts.push(text.slice(begin, index).trim());
    begin = index + 1;
  }
  const last = text.slice(begin).trim();
  return last === '' ? parts : [...parts, last];
};
