import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';

import { backupPathOf, backUpStore, restoreStore, upgradeStore } from '../../extension/tracking/upgrade-store.ts';
import { restoreOldStore, revisionOf } from '../support/old-store.ts';
import { connect, newServerProcess, whenState } from '../support/open-store.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';

const newOldStore = (change = ''): string => {
  const path = join(newTempFolder(), 'mlflow.db');
  restoreOldStore(path, change);
  return path;
};

const contentOf = (path: string): unknown => {
  const database = new Database(path, { readonly: true });
  const rows = ['alembic_version', 'experiments', 'runs', 'metrics', 'params', 'tags', 'model_versions'].map((table) =>
    database.prepare(`SELECT * FROM ${table}`).all(),
  );
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  return rows;
};

const backup = async (path: string, copied: number[] = []): Promise<string> => {
  const target = backupPathOf(path, new Date());
  await backUpStore(pythonPath(), path, target, (pages) => copied.push(pages));
  return target;
};

test('a store that the editor holds is backed up and upgraded by mlflow; the editor notices, shows the same runs and writes on', async () => {
  const path = newOldStore();
  const before = contentOf(path);
  const connection = connect(newServerProcess(), path);
  await whenState(connection, 'ready');
  const experiments = await connection.tracking.searchExperiments({ maxResults: 10 });
  await connection.setIndexes(true);
  const copied: number[] = [];
  const target = await backup(path, copied);
  expect(copied.length).toBeGreaterThan(0);
  expect(contentOf(target)).toEqual(before);
  expect(readdirSync(dirname(path)).filter((name) => name.includes('backup'))).toHaveLength(1);

  const reset = new Promise<unknown>((resolve) => connection.onDidChange((event) => event.type === 'reset' && resolve(event)));
  await upgradeStore(pythonPath(), path);
  await reset;
  expect(revisionOf(path)).not.toBe(revisionOf(target));
  expect(await connection.tracking.searchExperiments({ maxResults: 10 })).toEqual(experiments);
  expect((await connection.indexes()).missing).toEqual([]);
  await connection.tracking.createExperiment({ name: 'after the upgrade' });
});

test('an upgrade that fails is told, loses nothing, and is undone by the backup', async () => {
  const path = newOldStore('CREATE VIEW mine AS SELECT name FROM experiments;');
  const before = contentOf(path);
  const target = await backup(path);
  await expect(upgradeStore(pythonPath(), path)).rejects.toThrow(`mlflow could not upgrade ${path}: `);
  await restoreStore(pythonPath(), path, target);
  expect(contentOf(path)).toEqual(before);
});

test('a backup that is given up leaves nothing, and none takes the place of a file', async () => {
  const path = newOldStore();
  const target = backupPathOf(path, new Date());
  await expect(backUpStore(pythonPath(), path, target, () => undefined, AbortSignal.abort())).rejects.toThrow();
  expect(readdirSync(dirname(path))).toEqual(['mlflow.db']);
  await backUpStore(pythonPath(), path, target, () => undefined);
  await expect(backUpStore(pythonPath(), path, target, () => undefined)).rejects.toThrow('EEXIST');
  expect(existsSync(`${target}.part`)).toBe(false);
});
