import { describe, expect, test } from 'vitest';

import { gateKeys, metricKeys } from '../../schemas/gates-reader.ts';
import { gatesFor, readGates } from '../../schemas/gates.ts';
import schema from '../../schemas/gates.schema.json' with { type: 'json' };

const whole = `gates:
  wine*:
    metrics:
      rmse: { improvement: 0.01, max: 0.9 }
      r2: { improvement: 2%, better: higher, min: 0.3 }
    tags: { validated: true, reviewer: "*" }
    signature: compatible
`;

test('a whole file', () => {
  expect(readGates(whole)).toEqual({
    gates: [
      {
        models: 'wine*',
        metrics: [
          { key: 'rmse', improvement: { kind: 'absolute', by: 0.01 }, max: 0.9 },
          { key: 'r2', better: 'higher', improvement: { kind: 'share', by: 0.02 }, min: 0.3 },
        ],
        tags: [{ key: 'validated', value: 'true' }, { key: 'reviewer' }],
        signature: 'compatible',
      },
    ],
    problems: [],
  });
});

test.each([
  ['wine', 'wine', true],
  ['wine', 'wine2', false],
  ['wine*', 'wine-red', true],
  ['*', 'it’s $(any) "thing"\nhere', true],
  ['a.b', 'axb', false],
  ['a*c', 'abbbc', true],
])('the gate of %s and the model %s', (models, name, fits) => {
  const { gates } = readGates(`gates:\n  ${JSON.stringify(models)}: { signature: present }\n`);
  expect(gatesFor(gates, name).length).toBe(fits ? 1 : 0);
});

describe('a mistake is named at its place', () => {
  test.each([
    ['', 'The file must have “gates”', ''],
    ['gates:', '“gates” must be a mapping', ''],
    ['gate: {}', '“gate” is not known here; it is “gates”', 'gate'],
    ['gates: { wine: { metric: {} } }', '“metric” is not known here; it is “metrics”, “tags”, “signature”', 'metric'],
    ['gates: { wine: { metrics: { rmse: { improvment: 1 } } } }', '“improvment” is not known here', 'improvment'],
    ['gates: { wine: { metrics: { rmse: { better: lower } } } }', '“rmse” asks for nothing', 'rmse'],
    ['gates: { wine: { metrics: { rmse: { improvement: -1 } } } }', 'An improvement is not negative', '-1'],
    ['gates: { wine: { metrics: { rmse: { improvement: much } } } }', 'This must be a number, or a share such as “2%”', 'much'],
    ['gates: { wine: { metrics: { rmse: { min: .nan } } } }', 'This must be a number', '.nan'],
    ['gates: { wine: { metrics: { rmse: { min: 2, max: 1 } } } }', 'No value of “rmse” is at least 2 and at most 1', 'rmse'],
    ['gates: { wine: { metrics: { rmse: { min: 1, better: less } } } }', 'This must be “lower” or “higher”', 'less'],
    ['gates: { wine: { metrics: [rmse] } }', '“metrics” must be a mapping', '[rmse]'],
    ['gates: { wine: { tags: { a: [1] } } }', 'The value of a tag is a text', '[1]'],
    ['gates: { wine: { signature: same } }', 'This must be “compatible” or “present”', 'same'],
    ['gates: { wine: {} }', 'A gate has', '{}'],
    ['gates: { wine: { signature: present }, wine: { signature: present } }', '“wine” is given twice', 'wine'],
  ])('%s', (text, message, place) => {
    const [problem, ...others] = readGates(text).problems;
    expect(others).toEqual([]);
    expect(problem?.message).toContain(message);
    if (place !== '') expect(text.slice(problem?.start, problem?.end)).toBe(place);
  });

  test('text that is no YAML', () => {
    expect(readGates('gates: { wine: [').problems.length).toBeGreaterThan(0);
    expect(readGates(`gates: ${'['.repeat(5000)}`).problems.length).toBeGreaterThan(0);
  });
});

test('the schema names what the reader knows', () => {
  const gate = schema.properties.gates.additionalProperties.properties;
  expect(Object.keys(gate)).toEqual([...gateKeys]);
  expect(Object.keys(gate.metrics.additionalProperties.properties)).toEqual([...metricKeys]);
});
