import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type OpenOptions, type SqliteDatabase } from '../../extension/server/database.ts';

/** A folder that is gone after the test. */
export const newTempFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A new store in a file of its own, closed and removed after the test. */
export const newStoreDatabase = (options: OpenOptions = {}): SqliteDatabase => {
  const database = openDatabase(join(newTempFolder(), 'mlflow.db'), { create: true, ...options });
  onTestFinished(() => database.dispose());
  return database;
};
