import { expect, test } from 'vitest';

import { diagnosticLines, diagnosticsOf } from './support.ts';

const valid = 'name: wine\nentry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n    command: python train.py --alpha {alpha}\n';

test('a valid project has no diagnostics', async () => {
  expect(await diagnosticLines(valid, { files: { 'train.py': '' } })).toEqual([]);
});

test('an unknown key is told with the nearest known one', async () => {
  expect(await diagnosticLines('entry_point:\n  main:\n    command: ls\n')).toEqual([
    "warning 1:1-1:12 unknown-key: MLflow does not know the key 'entry_point' and ignores it; did you mean 'entry_points'?",
  ]);
});

test('a wrong shape says what MLflow would print', async () => {
  const [diagnostic] = await diagnosticsOf('entry_points: 3\n');
  expect(diagnostic).toMatchObject({
    code: 'entry-points-not-mapping',
    relatedInformation: [{ message: "MLflow: AttributeError: 'int' object has no attribute 'items'" }],
  });
});

test('nesting deeper than 100 is refused before parsing', async () => {
  expect(await diagnosticLines(`name: ${'['.repeat(1000)}${']'.repeat(1000)}`)).toEqual([expect.stringContaining('yaml-nesting')]);
});
