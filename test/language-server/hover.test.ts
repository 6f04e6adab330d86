import { expect, test } from 'vitest';

import { hoverText } from './support.ts';

test('a key is explained', async () => {
  expect(await hoverText('na|me: wine\n')).toContain("The project's name.");
});

test('a value is explained by its key', async () => {
  expect(await hoverText('entry_points:\n  main:\n    parameters:\n      alpha: flo|at\n    command: ls\n')).toContain('MLflow acts on `path` and `uri` only');
});

test('nothing is said where nothing stands', async () => {
  expect(await hoverText('name: wine\n\n|\n')).toBeUndefined();
});
