import { join } from 'node:path';

import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

import { LogFlush } from '../../extension/server/log-flush.ts';
import { newTempFolder } from '../support/store-database.ts';

/** Flushes that are asked for, each of which ends when it is told to. */
const newFlushes = () => {
  const ends: (() => void)[] = [];
  const paths: string[] = [];
  const flush = new LogFlush('/a/mlflow.db', async (path) => {
    paths.push(path);
    await new Promise<void>((resolve) => ends.push(resolve));
  });
  return {
    flush,
    paths,
    endLast: () => (ends.at(-1)?.(), new Promise(setImmediate)),
  };
};

test('a log is brought to the disk after many rows, and not again while that goes on', async () => {
  const { flush, paths, endLast } = newFlushes();
  flush.afterCommit(1_999);
  expect(paths).toEqual([]);
  flush.afterCommit(2_000);
  expect(paths).toEqual(['/a/mlflow.db-wal']);
  flush.afterCommit(9_000);
  expect(paths).toHaveLength(1);
  await endLast();
  flush.afterCommit(9_001);
  expect(paths).toHaveLength(2);
  await endLast();
  flush.afterCommit(11_000);
  expect(paths).toHaveLength(2);
});

test('a store keeps its locks and goes on, with and without such a log', async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  const [writer, other] = [new Database(path), new Database(path, { timeout: 0 })];
  onTestFinished(() => [writer, other].forEach((one) => one.close()));
  for (const mode of ['delete', 'wal']) {
    writer.pragma(`journal_mode = ${mode}`);
    writer.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS t (a)');
    const flush = new LogFlush(path);
    flush.afterCommit(2_000);
    await flush.settled;
    expect(() => other.exec('BEGIN IMMEDIATE')).toThrow('locked');
    writer.exec('COMMIT');
  }
});
