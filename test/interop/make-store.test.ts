import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { silentLogger } from '../../extension/shared/logger.ts';
import { run } from '../../extension/shared/process.ts';
import { makeStoreWithPython } from '../../extension/tracking/make-store.ts';
import { revisionOf } from '../support/old-store.ts';
import { connect, newServerProcess, whenState } from '../support/open-store.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';

const newPath = (): string => join(newTempFolder(), 'mlflow.db');

const expectedRevision = async (folder: string): Promise<string> => {
  const script = 'from mlflow.store.db.utils import _get_latest_schema_revision; print(_get_latest_schema_revision())';
  const { stdout } = await run({ file: pythonPath(), args: ['-c', script], cwd: folder }, { timeout: 120_000 });
  return stdout.trim();
};

test('a store made by a Python has the revision that its mlflow expects, and opens in the editor', async () => {
  const path = newPath();
  expect(await makeStoreWithPython(pythonPath(), path, silentLogger)).toBe(true);
  expect(readdirSync(dirname(path))).toEqual(['mlflow.db']);
  expect(revisionOf(path)).toBe(await expectedRevision(dirname(path)));
  const connection = connect(newServerProcess(), path);
  await whenState(connection, 'ready');
  const experiments = await connection.tracking.searchExperiments({ maxResults: 10 });
  expect(experiments.items.map(({ name }) => name)).toEqual(['Default']);
});

test('a file that has appeared meanwhile is kept', async () => {
  const path = newPath();
  writeFileSync(path, 'somebody else’s');
  expect(await makeStoreWithPython(pythonPath(), path, silentLogger)).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('somebody else’s');
  expect(readdirSync(dirname(path))).toEqual(['mlflow.db']);
});

test('a Python without mlflow makes none, and leaves nothing', async () => {
  const bare = newTempFolder();
  expect(await run({ file: pythonPath(), args: ['-m', 'venv', '--without-pip', bare], cwd: bare }, { timeout: 60_000 })).toMatchObject({ code: 0 });
  const path = newPath();
  expect(await makeStoreWithPython(join(bare, 'bin', 'python'), path, silentLogger)).toBe(false);
  expect(readdirSync(dirname(path))).toEqual([]);
});
