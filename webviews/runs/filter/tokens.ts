/** The words of a filter, as far as it is written: enough to know what may come next. */
export type FilterToken =
  | { readonly kind: 'field'; readonly start: number; readonly end: number; readonly prefix: string; readonly key: string }
  | { readonly kind: 'word' | 'operator' | 'value' | 'open' | 'close' | 'comma'; readonly start: number; readonly end: number; readonly text: string };

const pattern =
  /(?<field>(?:attributes?|params?|metrics?|tags?)\.(?:`[^`]*`?|"[^"]*"?|[\w./-]*))|(?<value>'[^']*'?|"[^"]*"?|`[^`]*`?|-?\.?\d[\w.+-]*)|(?<word>[a-z_]\w*)|(?<operator>[=<>!~]+)|(?<open>\()|(?<close>\))|(?<comma>,)/giy;

const singular: Readonly<Record<string, string>> = { attribute: 'attributes', param: 'params', metric: 'metrics', tag: 'tags' };

const fieldOf = (text: string, start: number): FilterToken => {
  const dot = text.indexOf('.');
  const prefix = text.slice(0, dot).toLowerCase();
  return { kind: 'field', start, end: start + text.length, prefix: singular[prefix] ?? prefix, key: text.slice(dot + 1).replace(/^["`]|["`]$/g, '') };
};

export const readTokens = (text: string): readonly FilterToken[] => {
  const tokens: FilterToken[] = [];
  const matcher = new RegExp(pattern);
  for (let at = 0; at < text.length;) {
    matcher.lastIndex = at;
    const match = matcher.exec(text);
    if (match === null) {
      at++;
      continue;
    }
    at = matcher.lastIndex;
    tokens.push(tokenOf(match));
  }
  return tokens;
};

const kinds = ['value', 'word', 'operator', 'open', 'close', 'comma'] as const;

const tokenOf = ({ 0: text, groups, index }: RegExpExecArray): FilterToken => {
  if (groups?.['field'] !== undefined) return fieldOf(text, index);
  const kind = kinds.find((candidate) => groups?.[candidate] !== undefined) ?? 'word';
  return { kind, start: index, end: index + text.length, text };
};

/** How many conditions a filter has: for a person, not for a server. */
export const countConditions = (filter: string): number => {
  if (filter.trim() === '') return 0;
  return 1 + readTokens(filter).filter((token) => token.kind === 'word' && /^(?:and|or)$/i.test(token.text)).length;
};
