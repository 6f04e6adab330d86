/**
 * MLflow reads its search language with Python's `sqlparse`, so what a word is depends on the rules of an
 * SQL lexer: these are the ones that make a difference.
 */
export type TokenKind =
  | 'name'
  /** In double quotes: a name or a string, by where it stands. */
  | 'symbol'
  | 'string'
  | 'integer'
  | 'float'
  | 'placeholder'
  | 'comparison'
  | 'operator'
  | 'order'
  | 'keyword'
  | 'punctuation'
  /** Comments, quotes without an end, and the like: never part of a valid clause. */
  | 'other';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words that SQL takes for itself where a bare attribute name could stand. */
const keywords = new Set(
  'AND ANY AS BETWEEN BY CASE COMMENT CROSS DATE DELETE DISTINCT DROP ELSE END EXCEPT EXISTS FOR FROM GROUP HAVING IF IN INSERT INTO IS JOIN KEY LEVEL LIMIT NOT NULL OFFSET ON OR ORDER SELECT SET SOURCE TABLE THEN TIME TIMESTAMP TYPE UNION UPDATE USER USING VALUES VERSION WHEN WHERE WITH'.split(
    ' ',
  ),
);

/** The first rule that matches at a position wins. */
const rules: readonly (readonly [TokenKind | 'word', RegExp])[] = [
  ['other', /--[^\r\n]*|# [^\r\n]*/y],
  ['operator', /\*/y],
  ['name', /`(?:``|[^`])*`/y],
  ['placeholder', /\?|%(?:\(\w+\))?s|(?<!\w)[$:]\w+/y],
  ['name', /[@#][A-ZÀ-Ü]\w+/iy],
  ['name', /[A-ZÀ-Ü][\p{L}\p{N}_]*(?=\s*\.(?!\d))/iuy],
  ['name', /(?<=\.)[A-ZÀ-Ü][\p{L}\p{N}_]*/iuy],
  // A word before a bracket is a function, which no clause has; IN is not.
  ['name', /(?!IN\()[A-ZÀ-Ü][\p{L}\p{N}_]*(?=\()/iuy],
  ['other', /-?0x[\dA-F]+/iy],
  ['float', /-?\d+(?:\.\d+)?E-?\d+/iy],
  ['float', /-?(?:\d+\.\d*|\.\d+)(?![_A-ZÀ-Ü])/iy],
  ['integer', /-?\d+(?![_A-ZÀ-Ü])/iy],
  ['string', /'(?:''|\\'|[^'])*'/y],
  ['symbol', /"(?:""|\\"|[^"])*"/y],
  ['name', /(?<![\w\])])\[[^\][]+\]/y],
  ['keyword', /NOT\s+NULL\b/iy],
  ['order', /(?:ASC|DESC)(?:\s+NULLS\s+(?:FIRST|LAST))?\b/iy],
  ['comparison', /(?:NOT\s+)?(?:LIKE|ILIKE|RLIKE)\b/iy],
  ['word', /[\p{L}\p{N}_][\p{L}\p{N}_$#]*/uy],
  ['punctuation', /[;:()[\],.]/y],
  ['comparison', /[<>=~!]+/y],
  ['operator', /[+/@#%^&|-]+/y],
];

export const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const space = /\s+/y;
    space.lastIndex = at;
    const token = space.test(text) ? undefined : nextToken(text, at);
    if (token !== undefined) tokens.push(token);
    at = token?.end ?? space.lastIndex;
  }
  return tokens;
};

const nextToken = (text: string, start: number): Token => {
  for (const [kind, rule] of rules) {
    rule.lastIndex = start;
    const match = rule.exec(text)?.[0];
    if (match !== undefined && match !== '')
      return { kind: kind === 'word' ? wordKind(match, text[start - 1]) : kind, text: match, start, end: start + match.length };
  }
  return { kind: 'other', text: text.charAt(start), start, end: start + 1 };
};

/** After a point every word is a name: MLflow's lexer makes exceptions for some, which only surprise. */
const wordKind = (word: string, before: string | undefined): TokenKind => (before !== '.' && keywords.has(word.toUpperCase()) ? 'keyword' : 'name');
