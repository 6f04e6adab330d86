import { columnId } from '../../../schemas/runs-columns.ts';
import type { FacetsReply } from '../../../schemas/workbench-api.ts';
import { readTokens, type FilterToken } from './tokens.ts';

export interface Suggestion {
  readonly text: string;
  /** In grey. */
  readonly detail?: string;
}

export interface Completion {
  /** What a suggestion stands in place of. */
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

export interface Known {
  readonly facets: FacetsReply | undefined;
  /** Whether the server has OR, NOT, functions and regular expressions. */
  readonly isRich: boolean;
}

type Field = Extract<FilterToken, { kind: 'field' }>;

/** What the person is about to write. */
type Expected = { readonly what: 'operand' } | { readonly what: 'operator' | 'value'; readonly field: Field } | { readonly what: 'link' };

const mostShown = 50;

/** What may stand at the cursor, with the real keys and values of the runs. */
export const complete = (text: string, cursor: number, known: Known): Completion => {
  const tokens = readTokens(text.slice(0, cursor));
  const last = tokens.at(-1);
  const isPartial = last !== undefined && last.end === cursor && last.kind !== 'open' && last.kind !== 'close' && last.kind !== 'comma';
  const from = isPartial ? last.start : cursor;
  const expected = expectedAfter(isPartial ? tokens.slice(0, -1) : tokens);
  const suggestions = matching(candidates(expected, known), text.slice(from, cursor));
  return { from, to: cursor, suggestions: suggestions.slice(0, mostShown) };
};

const expectedAfter = (tokens: readonly FilterToken[]): Expected => tokens.reduce<Expected>(step, { what: 'operand' });

const step = (before: Expected, token: FilterToken): Expected => {
  if (token.kind === 'field') return { what: 'operator', field: token };
  if (token.kind === 'word' && /^(?:and|or)$/i.test(token.text)) return { what: 'operand' };
  switch (before.what) {
    case 'operand':
      return before;
    case 'operator':
      return afterOperator(before.field, token);
    case 'value':
      return endsValue(token) ? { what: 'link' } : before;
    case 'link':
      return before;
    default:
      return before satisfies never;
  }
};

/** `NOT` of `NOT IN`, and the bracket that closes a function, stand before the operator itself. */
const afterOperator = (field: Field, token: FilterToken): Expected => {
  const isOperator = token.kind === 'operator' || (token.kind === 'word' && !/^not$/i.test(token.text));
  return { what: isOperator ? 'value' : 'operator', field };
};

const endsValue = (token: FilterToken): boolean => token.kind === 'value' || token.kind === 'close' || (token.kind === 'word' && /^null$/i.test(token.text));

const candidates = (expected: Expected, known: Known): readonly Suggestion[] => {
  switch (expected.what) {
    case 'operand':
      return operands(known);
    case 'operator':
      return operators(expected.field, known);
    case 'value':
      return values(expected.field, known.facets);
    case 'link':
      return known.isRich ? [{ text: 'AND' }, { text: 'OR' }] : [{ text: 'AND' }];
    default:
      return expected satisfies never;
  }
};

const attributes = ['status', 'run_name', 'start_time', 'end_time', 'run_id', 'artifact_uri'] as const;

const operands = ({ facets, isRich }: Known): readonly Suggestion[] => {
  const keyed = (kind: 'params' | 'tags', keys: readonly { readonly key: string; readonly runs: number }[]): readonly Suggestion[] =>
    keys.flatMap(({ key, runs }) => suggest(columnId({ kind, key }), runs));
  return [
    ...(facets?.metrics ?? []).flatMap(({ key, runs }) => suggest(columnId({ kind: 'metrics', key, value: 'last' }), runs)),
    ...keyed('params', facets?.params ?? []),
    ...attributes.map((name) => ({ text: `attributes.${name}` })),
    ...(isRich ? [{ text: 'attributes.duration' }] : []),
    ...keyed('tags', facets?.tags ?? []),
    ...(isRich ? ['NOT', 'best(', 'min(', 'max(', 'mean(', 'at('].map((text) => ({ text })) : []),
  ];
};

const suggest = (text: string | undefined, runs: number): readonly Suggestion[] =>
  text === undefined ? [] : [{ text, detail: runs === 1 ? '1 run' : `${runs.toLocaleString('en-US')} runs` }];

const numeric = ['>', '>=', '<', '<=', '=', '!='];
const textual = ['=', '!=', 'LIKE', 'ILIKE'];
const numericAttributes = new Set(['start_time', 'end_time', 'duration']);

const operators = ({ prefix, key }: Field, { isRich }: Known): readonly Suggestion[] => {
  if (prefix === 'metrics' || (prefix === 'attributes' && numericAttributes.has(key))) return numeric.map((text) => ({ text }));
  const lists = prefix === 'attributes' ? ['IN', 'NOT IN'] : ['IS NULL', 'IS NOT NULL'];
  return [...textual, ...(isRich ? ['=~', '!~'] : []), ...lists].map((text) => ({ text }));
};

const values = ({ prefix, key }: Field, facets: FacetsReply | undefined): readonly Suggestion[] => {
  if (facets === undefined) return [];
  if (prefix === 'attributes') return key === 'status' ? facets.statuses.flatMap(({ status, runs }) => suggest(quoted(status), runs)) : [];
  if (prefix !== 'params' && prefix !== 'tags') return [];
  const facet = facets[prefix].find((candidate) => candidate.key === key);
  return (facet?.values ?? []).flatMap(({ value, runs }) => suggest(quoted(value), runs));
};

/** Undefined for a text that no quotes can hold. */
const quoted = (value: string): string | undefined => {
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? undefined : `"${value}"`;
};

/** What begins with it, then what has it within; quotes do not count. */
const matching = (suggestions: readonly Suggestion[], typed: string): readonly Suggestion[] => {
  const plain = (text: string): string => text.toLowerCase().replace(/["'`]/g, '');
  const wanted = plain(typed);
  if (wanted === '') return suggestions;
  const rank = (text: string): number => {
    const place = plain(text).indexOf(wanted);
    return place <= 0 ? place : plain(text)[place - 1] === '.' ? 1 : 2;
  };
  return suggestions
    .map((suggestion) => ({ suggestion, place: rank(suggestion.text) }))
    .filter(({ suggestion, place }) => place >= 0 && suggestion.text !== typed)
    .toSorted((left, right) => left.place - right.place)
    .map(({ suggestion }) => suggestion);
};
