import { expect, test } from 'vitest';

import { directionsIn, metricDirectionTag } from '../../schemas/metric-direction.ts';
import { readMlmodel } from '../../schemas/mlmodel.ts';
import { readGates } from '../../schemas/gates.ts';
import { evaluateGates, hasPassed, type GateSubject } from '../../extension/registry/gate-evaluation.ts';

const mlmodel = (names: readonly string[]): string =>
  `flavors: {}\nsignature:\n  inputs: '${JSON.stringify(names.map((name) => ({ name, type: 'double', required: true })))}'\n`;

const subject = (metrics: Readonly<Record<string, number>>, names?: readonly string[], tags: Readonly<Record<string, string>> = {}): GateSubject => ({
  metrics: new Map(Object.entries(metrics)),
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  signature: names === undefined ? undefined : readMlmodel(mlmodel(names)).value.signature,
  directionOf: directionsIn([]),
});

const evaluate = (gate: string, candidate: GateSubject, champion?: GateSubject) => {
  const { gates, problems } = readGates(`gates: { m: ${gate} }`);
  expect(problems).toEqual([]);
  return evaluateGates(gates, candidate, champion);
};

test.each([
  ['better by more than asked', '{ metrics: { rmse: { improvement: 0.05 } } }', { rmse: 0.7 }, { rmse: 0.8 }, true],
  ['better by as much as asked, though not in binary', '{ metrics: { rmse: { improvement: 0.1 } } }', { rmse: 0.2 }, { rmse: 0.3 }, true],
  ['better by less', '{ metrics: { rmse: { improvement: 0.2 } } }', { rmse: 0.7 }, { rmse: 0.8 }, false],
  ['worse', '{ metrics: { rmse: { improvement: 0 } } }', { rmse: 0.9 }, { rmse: 0.8 }, false],
  ['the same', '{ metrics: { rmse: { improvement: 0 } } }', { rmse: 0.8 }, { rmse: 0.8 }, true],
  ['higher is better', '{ metrics: { r2: { improvement: 0.1 } } }', { r2: 0.9 }, { r2: 0.8 }, true],
  ['which is better is given', '{ metrics: { score: { improvement: 1, better: lower } } }', { score: 1 }, { score: 2 }, true],
  ['a share', '{ metrics: { r2: { improvement: 10% } } }', { r2: 0.88 }, { r2: 0.8 }, true],
  ['a share of a negative value', '{ metrics: { gain: { improvement: 10% } } }', { gain: -9 }, { gain: -10 }, true],
  ['no champion', '{ metrics: { rmse: { improvement: 0.1 } } }', { rmse: 9 }, undefined, true],
  ['a champion without the metric', '{ metrics: { rmse: { improvement: 0.1 } } }', { rmse: 9 }, {}, true],
  ['a candidate without it', '{ metrics: { rmse: { improvement: 0.1 } } }', {}, { rmse: 0.8 }, false],
  ['not a number', '{ metrics: { rmse: { max: 1 } } }', { rmse: Number.NaN }, undefined, false],
  ['at least', '{ metrics: { r2: { min: 0.5 } } }', { r2: 0.4 }, undefined, false],
  ['at most', '{ metrics: { rmse: { max: 0.5 } } }', { rmse: 0.5 }, undefined, true],
])('%s', (_, gate, candidate, champion, passes) => {
  expect(hasPassed(evaluate(gate, subject(candidate as Record<string, number>), champion && subject(champion as Record<string, number>)))).toBe(passes);
});

test.each([
  [{ team: 'a' }, '{ tags: { team: a } }', 'a', true],
  [{ team: 'b' }, '{ tags: { team: a } }', 'is b, a is asked for', false],
  [{ team: 'b' }, '{ tags: { team: "*" } }', 'b', true],
  [{}, '{ tags: { team: "*" } }', 'the candidate does not have it', false],
])('tags %j against %s', (tags, gate, detail, passed) => {
  expect(evaluate(gate, subject({}, undefined, tags as Record<string, string>))).toEqual([{ check: 'tag team', passed, detail }]);
});

test.each([
  [['a'], ['a'], 'compatible', true],
  [['a', 'b'], ['a'], 'compatible', false],
  [undefined, ['a'], 'compatible', false],
  [['a'], undefined, 'compatible', true],
  [undefined, undefined, 'compatible', true],
  [undefined, undefined, 'present', false],
  [['a'], undefined, 'present', true],
] as const)('signature %j after %j, %s asked for', (candidate, champion, asked, passes) => {
  expect(hasPassed(evaluate(`{ signature: ${asked} }`, subject({}, candidate), subject({}, champion)))).toBe(passes);
});

test('what the experiment says of a metric counts, unless the gate says it', () => {
  const [before, after] = [
    subject({ score: 1 }),
    { ...subject({ score: 2 }), directionOf: directionsIn([{ key: metricDirectionTag('score'), value: 'lower' }]) },
  ];
  expect(hasPassed(evaluate('{ metrics: { score: { improvement: 0 } } }', after, before))).toBe(false);
  expect(hasPassed(evaluate('{ metrics: { score: { improvement: 0, better: higher } } }', after, before))).toBe(true);
});

test('what fails says why, with the numbers', () => {
  const results = evaluate(
    '{ metrics: { rmse: { improvement: 0.2 } }, signature: compatible }',
    subject({ rmse: 0.7 }, ['a', 'b']),
    subject({ rmse: 0.8 }, ['a']),
  );
  expect(results.map(({ detail }) => detail)).toEqual([
    '0.7 after 0.8 (−0.1, lower is better), better by 0.2 is asked for',
    'callers of the champion fail: inputs b added (double)',
  ]);
});
