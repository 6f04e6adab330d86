import fc from 'fast-check';

import { anyText, metricKeys, textKeys, type WorldRun } from './run-world.ts';

/** An expression of the rich language that tells by itself, without any of the code under test, whether it holds. */
export interface Expression {
  readonly text: string;
  /** How closely it binds: a comparison and NOT 3, AND 2, OR 1. */
  readonly binding: 1 | 2 | 3;
  readonly holds: (run: WorldRun) => boolean;
}

/** A column that says by itself what it shows. */
export interface Column {
  readonly text: string;
  readonly value: (run: WorldRun) => string | number | undefined;
}

/** Stores differ in one thing: databases keep the largest doubles for infinities. */
export type Stored = (value: number) => number;
export const asInDatabase: Stored = (value) => (Number.isFinite(value) || Number.isNaN(value) ? value : Math.sign(value) * Number.MAX_VALUE);
export const asInFiles: Stored = (value) => value;

const bare = /^[A-Za-z_][\w.]*$/;
const quotedKey = (key: string): string => (bare.test(key) ? key : `\`${key}\``);
const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);

const numbersOf = (run: WorldRun, key: string, stored: Stored): readonly number[] => (run.metrics[key] ?? []).map(stored);
const known = (values: readonly number[]): readonly number[] => values.filter((value) => !Number.isNaN(value));

const nonEmpty =
  (of: (values: readonly number[]) => number) =>
  (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : of(values);

const functions: Readonly<Record<string, (values: readonly number[]) => number | undefined>> = {
  min: nonEmpty((values) => values.reduce((a, b) => (b < a ? b : a))),
  max: nonEmpty((values) => values.reduce((a, b) => (b > a ? b : a))),
  mean: nonEmpty((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
};

const metricColumn = (stored: Stored): fc.Arbitrary<Column> =>
  fc.constantFrom(...metricKeys).map((key) => ({ text: `metrics.${quotedKey(key)}`, value: (run) => numbersOf(run, key, stored).at(-1) }));

/** `best(…)` of these keys is the smallest for `val loss`, the largest for the others. */
const historyColumn = (stored: Stored): fc.Arbitrary<Column> =>
  fc.tuple(fc.constantFrom('min', 'max', 'mean', 'best'), fc.constantFrom(...metricKeys.slice(0, 3))).map(([name, key]) => {
    const of = name === 'best' ? (key === 'val loss' ? 'min' : 'max') : name;
    return { text: `${name}(metrics.${quotedKey(key)})`, value: (run) => functions[of]?.(known(numbersOf(run, key, stored))) };
  });

const stepColumn = (stored: Stored): fc.Arbitrary<Column> =>
  fc.tuple(fc.constantFrom(...metricKeys), fc.integer({ min: 0, max: 4 })).map(([key, step]) => ({
    text: `at(metrics.${quotedKey(key)}, ${step})`,
    value: (run) => numbersOf(run, key, stored)[step],
  }));

const endOf = ({ status, start, duration }: WorldRun): number | undefined => (status === 'RUNNING' ? undefined : start + duration);

const timeColumn: fc.Arbitrary<Column> = fc.constantFrom<Column>(
  { text: 'attributes.start_time', value: ({ start }) => start },
  { text: 'end_time', value: endOf },
  { text: 'attributes.duration', value: ({ status, duration }) => (status === 'RUNNING' ? undefined : duration) },
);

const textColumn: fc.Arbitrary<Column> = fc.oneof(
  fc.constantFrom(...textKeys).map((key): Column => ({ text: `params.${quotedKey(key)}`, value: ({ params }) => params[key] })),
  fc.constantFrom(...textKeys).map((key): Column => ({ text: `tags.${quotedKey(key)}`, value: ({ tags }) => tags[key] })),
  fc.constant<Column>({ text: 'attributes.status', value: ({ status }) => status }),
);

const numberColumn = (stored: Stored): fc.Arbitrary<Column> => fc.oneof(metricColumn(stored), historyColumn(stored), stepColumn(stored), timeColumn);

export const anyColumn = (stored: Stored): fc.Arbitrary<Column> => fc.oneof(numberColumn(stored), textColumn);

const comparisons: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
};

const leaf = (text: string, holds: Expression['holds']): Expression => ({ text, binding: 3, holds });

const numberLeaf = (stored: Stored): fc.Arbitrary<Expression> =>
  fc
    .tuple(numberColumn(stored), fc.constantFrom(...Object.keys(comparisons)), fc.constantFrom(-1, 0, 0.25, 1, 2, 3, 1002))
    .map(([{ text, value }, operator, wanted]) =>
      leaf(`${text} ${operator} ${wanted}`, (run) => {
        const found = value(run);
        return typeof found === 'number' && comparisons[operator]?.(found, wanted) === true;
      }),
    );

const likePattern = (pattern: string, flags: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('%', '[^]*')
      .replaceAll('_', '[^]')}$`,
    `u${flags}`,
  );

const textOperators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  LIKE: (value, wanted) => likePattern(wanted, '').test(value),
  ILIKE: (value, wanted) => likePattern(wanted, 'i').test(value),
};

const wantedText = fc.oneof(anyText, fc.constantFrom('v%', '%1%', 'V_', '%', '_%b'));

const textLeaf = fc.tuple(textColumn, fc.constantFrom(...Object.keys(textOperators)), wantedText).map(([{ text, value }, operator, wanted]) =>
  leaf(`${text} ${operator} ${quoted(wanted)}`, (run) => {
    const found = value(run);
    return found !== undefined && textOperators[operator]?.(String(found), wanted) === true;
  }),
);

const patterns: readonly (readonly [string, RegExp])[] = [
  ['^v', /^v/],
  ['[0-9]+$', /[0-9]+$/],
  ['(?i)v1', /v1/i],
  ['^$', /^$/],
  ['a.b|über', /a.b|über/],
  ['x{299}x', /x{299}x/],
];

const patternLeaf = fc.tuple(textColumn, fc.constantFrom('=~', '!~'), fc.constantFrom(...patterns)).map(([{ text, value }, operator, [pattern, expression]]) =>
  leaf(`${text} ${operator} ${quoted(pattern)}`, (run) => {
    const found = value(run);
    return found !== undefined && expression.test(String(found)) === (operator === '=~');
  }),
);

const listLeaf = fc
  .tuple(textColumn, fc.constantFrom('IN', 'NOT IN'), fc.array(fc.constantFrom<string>('v1', '100', 'über', 'FAILED'), { minLength: 1, maxLength: 3 }))
  .map(([{ text, value }, operator, wanted]) =>
    leaf(`${text} ${operator} (${wanted.map(quoted).join(', ')})`, (run) => {
      const found = value(run);
      return found !== undefined && wanted.includes(String(found)) === (operator === 'IN');
    }),
  );

const nullLeaf = (stored: Stored): fc.Arbitrary<Expression> =>
  fc
    .tuple(anyColumn(stored), fc.boolean())
    .map(([{ text, value }, isNull]) => leaf(`${text} IS ${isNull ? '' : 'NOT '}NULL`, (run) => (value(run) === undefined) === isNull));

const datasetLeaf = fc.constantFrom(
  leaf("dataset.name = 'wine'", ({ dataset }) => dataset === 'wine'),
  leaf("dataset.name =~ '(?i)^wine'", ({ dataset }) => dataset !== null && /^wine/i.test(dataset)),
  leaf("dataset.name != 'wine'", ({ dataset }) => dataset !== null && dataset !== 'wine'),
);

const anyLeaf = (stored: Stored): fc.Arbitrary<Expression> =>
  fc.oneof({ arbitrary: numberLeaf(stored), weight: 3 }, { arbitrary: textLeaf, weight: 2 }, patternLeaf, listLeaf, nullLeaf(stored), datasetLeaf);

/** Brackets only where they are needed: so precedence is tried too. */
const within = ({ text, binding }: Expression, least: number): string => (binding < least ? `(${text})` : text);

const connect = (word: string, binding: 1 | 2, parts: readonly Expression[]): Expression => ({
  text: parts.map((part) => within(part, binding + 1)).join(` ${word} `),
  binding,
  holds: (run) => (binding === 2 ? parts.every((part) => part.holds(run)) : parts.some((part) => part.holds(run))),
});

export const anyExpression = (stored: Stored): fc.Arbitrary<Expression> =>
  fc.letrec<{ node: Expression; leaf: Expression }>((tie) => ({
    leaf: anyLeaf(stored),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc.tuple(fc.constantFrom('AND', 'and'), fc.array(tie('node'), { minLength: 2, maxLength: 3 })).map(([word, parts]) => connect(word, 2, parts)),
      fc.tuple(fc.constantFrom('OR', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 3 })).map(([word, parts]) => connect(word, 1, parts)),
      fc
        .tuple(fc.constantFrom('NOT ', 'not '), tie('node'))
        .map(([word, part]): Expression => ({ text: word + within(part, 3), binding: 3, holds: (run) => !part.holds(run) })),
    ),
  })).node;

/** Values, then NaN, then runs without one. */
const rank = (value: string | number | undefined): number => (value === undefined ? 2 : typeof value === 'number' && Number.isNaN(value) ? 1 : 0);

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const compareBy = ({ value }: Column, ascending: boolean, a: WorldRun, b: WorldRun): number => {
  const [left, right] = [value(a), value(b)];
  if (rank(left) !== rank(right) || rank(left) > 0) return rank(left) - rank(right);
  const difference = typeof left === 'string' || typeof right === 'string' ? compareBytes(String(left), String(right)) : Number(left) - Number(right) || 0;
  return ascending ? difference : -difference;
};
