import type { Token } from '../lexer.ts';

/** What a token is in a filter: it connects comparisons, or it is part of one. */
export type Mark = 'and' | 'or' | 'not' | 'open' | 'close' | 'part';

const connectives: Readonly<Record<string, Mark>> = { AND: 'and', OR: 'or', NOT: 'not' };

/** Brackets belong to a comparison after IN and after the name of a function; NOT does before IN, LIKE and NULL. */
export const markTokens = (tokens: readonly Token[]): readonly Mark[] => {
  const marks: Mark[] = [];
  let listDepth = 0;
  for (const [index, token] of tokens.entries()) {
    const mark = listDepth > 0 ? 'part' : markOf(token, tokens, index, marks.at(-1));
    marks.push(mark);
    if (mark === 'part' && token.text === '(') listDepth += 1;
    if (mark === 'part' && token.text === ')' && listDepth > 0) listDepth -= 1;
  }
  return marks;
};

const markOf = (token: Token, tokens: readonly Token[], index: number, before: Mark | undefined): Mark => {
  if (token.text === '(') return before === 'part' ? 'part' : 'open';
  if (token.text === ')') return 'close';
  const connective = connectives[token.text.toUpperCase()];
  if (connective === undefined || !isConnecting(token, tokens, index)) return 'part';
  return connective === 'not' && (before === 'part' || before === 'close') ? 'part' : connective;
};

/** `AND(` is a function to the lexer. */
const isConnecting = (token: Token, tokens: readonly Token[], index: number): boolean =>
  token.kind === 'keyword' || (token.kind === 'name' && tokens[index - 1]?.text !== '.' && tokens[index + 1]?.text === '(');
