import { expect, test } from 'vitest';

import { setsTrackingUri, trackingCell } from '../../extension/tracking/tracking-cell.ts';

test('a notebook is told the address of the store', () => {
  expect(trackingCell({ kind: 'sqlite', path: "/it's/mlflow.db" })).toBe(`import mlflow\n\nmlflow.set_tracking_uri("sqlite:////it's/mlflow.db")`);
});

test('for a folder of files mlflow is told that it may be used', () => {
  expect(trackingCell({ kind: 'files', path: '/work/mlruns' })).toBe(
    `import os\n\nimport mlflow\n\nos.environ.setdefault('MLFLOW_ALLOW_FILE_STORE', 'true')\nmlflow.set_tracking_uri('file:///work/mlruns')`,
  );
});

test.each([
  ['mlflow.set_tracking_uri("x")', true],
  ['import mlflow\nif True:\n    mlflow.set_tracking_uri (uri)', true],
  ['from mlflow import set_tracking_uri\nset_tracking_uri(uri)', true],
  ['# mlflow.set_tracking_uri("x")', false],
  ['mlflow.get_tracking_uri()', false],
])('%j sets it: %s', (cell, sets) => {
  expect(setsTrackingUri(cell)).toBe(sets);
});
