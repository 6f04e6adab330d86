import type { Token } from './lexer.ts';

export type OperandKind = 'identifier' | 'string' | 'integer' | 'float' | 'list' | 'other';

/** One side of a comparison, as it was written. */
export interface Operand {
  readonly kind: OperandKind;
  readonly text: string;
}

/** `left operator right`; IS NULL and IS NOT NULL have no right side. The operator is in upper case, single spaced. */
export interface Clause {
  readonly left: Operand;
  readonly operator: string;
  readonly right?: Operand;
}

export type Part =
  | { readonly kind: 'operand'; readonly operand: Operand; readonly start: number; readonly end: number }
  | { readonly kind: 'clause'; readonly clause: Clause; readonly start: number; readonly end: number }
  | { readonly kind: 'token'; readonly token: Token; readonly start: number; readonly end: number };

export const isKeyword = (part: Part | undefined, word: string): boolean =>
  part?.kind === 'token' && part.token.kind === 'keyword' && part.token.text.toUpperCase().replaceAll(/\s+/g, ' ') === word;

/**
 * The steps in the order of sqlparse's grouping, because a later one sees what the earlier ones made. IN and IS NULL stand after
 * an identifier, in our own language after a function too.
 */
export const groupParts = (text: string, tokens: readonly Token[], wordOperands: readonly OperandKind[] = ['identifier']): readonly Part[] => {
  let parts = groupBrackets(text, tokens);
  parts = joinPairs(text, parts, isFunctionCall, 'other');
  parts = groupIdentifiers(text, parts);
  parts = joinPairs(text, parts, (part, next) => isOperand(part, 'identifier') && isToken(next, 'order'), 'identifier');
  parts = groupOperations(text, parts);
  parts = groupComparisons(text, parts);
  parts = joinPairs(text, parts, isAlias, 'identifier');
  return groupWordOperators(groupCommas(text, parts), wordOperands);
};

const isToken = (part: Part | undefined, kind: Token['kind'], text?: string): boolean =>
  part?.kind === 'token' && part.token.kind === kind && (text === undefined || part.token.text === text);
const isOperand = (part: Part | undefined, ...kinds: readonly OperandKind[]): boolean => part?.kind === 'operand' && kinds.includes(part.operand.kind);

const operandPart = (text: string, kind: OperandKind, start: number, end: number): Part => ({
  kind: 'operand',
  operand: { kind, text: text.slice(start, end) },
  start,
  end,
});

const operandKinds: Partial<Record<Token['kind'], OperandKind>> = { string: 'string', integer: 'integer', float: 'float', placeholder: 'other' };

const groupBrackets = (text: string, tokens: readonly Token[]): readonly Part[] => {
  const parts: Part[] = [];
  const open: number[] = [];
  for (const token of tokens) {
    const kind = operandKinds[token.kind];
    parts.push(kind === undefined ? { kind: 'token', token, start: token.start, end: token.end } : operandPart(text, kind, token.start, token.end));
    if (token.text === '(') open.push(parts.length - 1);
    if (token.text !== ')') continue;
    const first = open.pop();
    if (first === undefined) continue;
    const start = parts[first]?.start ?? token.start;
    parts.splice(first, parts.length - first, operandPart(text, 'list', start, token.end));
  }
  return parts;
};

const isFunctionCall = (part: Part, next: Part): boolean => isToken(part, 'name') && isOperand(next, 'list');
const isAlias = (part: Part, next: Part): boolean =>
  (part.kind === 'clause' || isOperand(part, 'identifier', 'integer', 'float', 'list', 'other')) && isOperand(next, 'identifier');

/** Makes one operand of two neighbours, once for each first one. */
const joinPairs = (text: string, parts: readonly Part[], matches: (part: Part, next: Part) => boolean, kind: OperandKind): readonly Part[] => {
  const joined: Part[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [part, next] = [parts[at], parts[at + 1]];
    if (part === undefined) break;
    const isPair = next !== undefined && matches(part, next);
    joined.push(isPair ? operandPart(text, kind, part.start, next.end) : part);
    if (isPair) at += 1;
  }
  return joined;
};

const isNamePart = (part: Part | undefined): boolean => isToken(part, 'name') || isToken(part, 'symbol');

/** `a`, `"a"`, `` a.`b c` ``, `a.'b'`: names joined by points. */
const groupIdentifiers = (text: string, parts: readonly Part[]): readonly Part[] => {
  const grouped: Part[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const first = parts[at];
    if (first === undefined) break;
    if (!isNamePart(first)) {
      grouped.push(first);
      continue;
    }
    while (isToken(parts[at + 1], 'punctuation', '.')) at += isNamePart(parts[at + 2]) || isOperand(parts[at + 2], 'string', 'other') ? 2 : 1;
    grouped.push(operandPart(text, 'identifier', first.start, parts[at]?.end ?? first.end));
  }
  return grouped;
};

/** `a - b`, `a/b`: no side of a valid comparison, but named as a whole in the error. */
const groupOperations = (text: string, parts: readonly Part[]): readonly Part[] => {
  const grouped: Part[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [previous, part, next] = [grouped.at(-1), parts[at], parts[at + 1]];
    if (part === undefined) break;
    if (previous?.kind === 'operand' && isToken(part, 'operator') && next?.kind === 'operand') {
      grouped[grouped.length - 1] = operandPart(text, 'other', previous.start, next.end);
      at += 1;
    } else grouped.push(part);
  }
  return grouped;
};

const asOperand = (text: string, part: Part | undefined): Operand | undefined => {
  if (part?.kind === 'operand') return part.operand;
  if (part?.kind === 'clause') return { kind: 'other', text: text.slice(part.start, part.end) };
  return isKeyword(part, 'NULL') && part !== undefined ? { kind: 'other', text: text.slice(part.start, part.end) } : undefined;
};

const groupComparisons = (text: string, parts: readonly Part[]): readonly Part[] => {
  const grouped: Part[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [previous, part, next] = [grouped.at(-1), parts[at], parts[at + 1]];
    if (part === undefined) break;
    const [left, right] = [asOperand(text, previous), next?.kind === 'clause' ? undefined : asOperand(text, next)];
    if (part.kind === 'token' && part.token.kind === 'comparison' && left !== undefined && right !== undefined) {
      const clause: Clause = { left, operator: part.token.text.toUpperCase().replaceAll(/\s+/g, ' '), right };
      grouped[grouped.length - 1] = { kind: 'clause', clause, start: previous?.start ?? part.start, end: next?.end ?? part.end };
      at += 1;
    } else grouped.push(part);
  }
  return grouped;
};

const groupCommas = (text: string, parts: readonly Part[]): readonly Part[] => {
  const grouped: Part[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [previous, part, next] = [grouped.at(-1), parts[at], parts[at + 1]];
    if (part === undefined) break;
    if (isToken(part, 'punctuation', ',') && previous !== undefined && previous.kind !== 'token' && next !== undefined && next.kind !== 'token') {
      grouped[grouped.length - 1] = operandPart(text, 'other', previous.start, next.end);
      at += 1;
    } else grouped.push(part);
  }
  return grouped;
};

/** IN, NOT IN, IS NULL, IS NOT NULL. */
const groupWordOperators = (parts: readonly Part[], operands: readonly OperandKind[]): readonly Part[] => {
  const grouped: Part[] = [];
  for (let at = 0; at < parts.length;) {
    const part = parts[at];
    if (part === undefined) break;
    const found = part.kind === 'operand' && operands.includes(part.operand.kind) ? wordOperator(parts, at, part.operand) : undefined;
    const last = parts[at + (found?.length ?? 1) - 1];
    grouped.push(found === undefined ? part : { kind: 'clause', clause: found.clause, start: part.start, end: last?.end ?? part.end });
    at += found?.length ?? 1;
  }
  return grouped;
};

const wordOperator = (parts: readonly Part[], at: number, left: Operand): { readonly clause: Clause; readonly length: number } | undefined => {
  const [second, third, fourth] = [parts[at + 1], parts[at + 2], parts[at + 3]];
  if (isKeyword(second, 'IN') && third?.kind === 'operand' && third.operand.kind === 'list') {
    return { clause: { left, operator: 'IN', right: third.operand }, length: 3 };
  }
  if (isKeyword(second, 'IS') && isKeyword(third, 'NULL')) return { clause: { left, operator: 'IS NULL' }, length: 3 };
  if (isKeyword(second, 'IS') && isKeyword(third, 'NOT NULL')) return { clause: { left, operator: 'IS NOT NULL' }, length: 3 };
  if (isKeyword(second, 'NOT') && isKeyword(third, 'IN') && fourth?.kind === 'operand' && fourth.operand.kind === 'list') {
    return { clause: { left, operator: 'NOT IN', right: fourth.operand }, length: 4 };
  }
  return undefined;
};
