import { describe, expect, test } from 'vitest';

import type { FacetsReply } from '../../schemas/workbench-api.ts';
import { complete } from '../../webviews/runs/filter/complete.ts';
import { countConditions } from '../../webviews/runs/filter/tokens.ts';

const facets: FacetsReply = {
  runs: 10,
  metrics: [{ key: 'val/loss', runs: 10, min: 0, max: 1 }],
  params: [
    {
      key: 'lr',
      runs: 10,
      distinct: 2,
      values: [
        { value: '0.1', runs: 7 },
        { value: "it's", runs: 3 },
      ],
    },
  ],
  tags: [{ key: 'mlflow.user', runs: 1, distinct: 1, values: [{ value: 'ada', runs: 1 }] }],
  statuses: [{ status: 'FINISHED', runs: 10 }],
  datasets: [],
};

/** What is offered at the cursor, `|`. */
const offered = (marked: string, isRich = true): readonly string[] => {
  const cursor = marked.indexOf('|');
  return complete(marked.replace('|', ''), cursor, { facets, isRich }).suggestions.map(({ text }) => text);
};

describe('A filter is completed with', () => {
  test('keys of the runs, quoted where they have to be', () => {
    expect(offered('|')).toEqual(expect.arrayContaining(['metrics.`val/loss`', 'params.lr', 'tags.`mlflow.user`', 'attributes.status']));
    expect(offered('los|')).toEqual(['metrics.`val/loss`']);
    expect(offered('params.|')).toEqual(['params.lr']);
    expect(offered("params.lr = '0.1' AND tags.|")).toEqual(['tags.`mlflow.user`']);
    expect(offered('best(metr|')).toEqual(['metrics.`val/loss`']);
  });

  test('operators of the kind', () => {
    expect(offered('metrics.`val/loss` |')).toEqual(['>', '>=', '<', '<=', '=', '!=']);
    expect(offered('params.lr |')).toEqual(['=', '!=', 'LIKE', 'ILIKE', '=~', '!~', 'IS NULL', 'IS NOT NULL']);
    expect(offered('best(metrics.`val/loss`) |')).toContain('<');
  });

  test('values of the key', () => {
    expect(offered('params.lr = |')).toEqual(["'0.1'", '"it\'s"']);
    expect(offered("params.lr != 'i|")).toEqual(['"it\'s"']);
    expect(offered('attributes.status = |')).toEqual(["'FINISHED'"]);
    expect(offered('metrics.`val/loss` < |')).toEqual([]);
  });

  test('AND after a condition, and OR only where the server knows it', () => {
    expect(offered("params.lr = '0.1' |")).toEqual(['AND', 'OR']);
    expect(offered("params.lr = '0.1' |", false)).toEqual(['AND']);
    expect(offered('params.lr IS NOT NULL |', false)).toEqual(['AND']);
    expect(offered('|', false)).not.toContain('best(');
  });

  test('nothing that breaks on what is unfinished', () => {
    for (const text of ["'", '`', 'params.`a', '((((', 'AND AND', '= =', 'params.lr = "x', '\u0000', 'metrics.']) {
      expect(() => offered(`${text}|`)).not.toThrow();
    }
  });
});

test('conditions are counted', () => {
  expect(countConditions('  ')).toBe(0);
  expect(countConditions("params.a = 'x and y'")).toBe(1);
  expect(countConditions('metrics.a > 1 AND metrics.b < 2 or metrics.c = 3')).toBe(3);
});
