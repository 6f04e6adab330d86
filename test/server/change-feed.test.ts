import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { seedRuns } from '../../scripts/bench/seed-runs.ts';
import { ChangeFeed } from '../../extension/server/change-feed.ts';
import { Connection } from '../../extension/server/connection.ts';
import { openDatabase, openReader } from '../../extension/server/database.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { newTempFolder } from '../support/store-database.ts';
import { ageStore } from '../support/old-store.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

const runs = 12_000;

/** Of the numbers that seeding gives. */
const runIdOf = (number: number): string => number.toString(16).padStart(32, '0');

const watchLargeStore = async (journalMode: 'wal' | 'delete') => {
  const path = join(newTempFolder(), 'mlflow.db');
  await seedRuns(path, runs);
  const connection = new Connection(path);
  connection.script(`PRAGMA journal_mode = ${journalMode}`);
  connection.dispose();
  const [reader, other] = [openReader(path), openDatabase(path)];
  const events: StoreEvent[] = [];
  const feed = new ChangeFeed(reader, (event) => events.push(event));
  onTestFinished(() => {
    for (const owned of [feed, reader, other]) owned.dispose();
  });
  return { other, events };
};

const metricsOf = (runId: string): StoreEvent => ({ type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['loss'] }] });

test('a large store is watched at once: what is written before all of its rows are known is told as it is, one after the other', async () => {
  const { other, events } = await watchLargeStore('wal');
  const [old, newest] = [runIdOf(1), runIdOf(runs)];
  await other.write((connection) => insertMetric(connection, newest));
  await expect.poll(() => events).toEqual([metricsOf(newest)]);
  await other.write((connection) => setTag(connection, newest, 'team', 'red'));
  await expect.poll(() => events.slice(1)).toEqual([{ type: 'runs', runs: [{ runId: newest, experimentId: '0' }] }]);
  await other.write((connection) => setTag(connection, old, 'team', 'red'));
  await expect.poll(() => events.slice(2).flatMap((event) => (event.type === 'runs' ? event.runs.map(({ runId }) => runId) : []))).toContain(old);
  expect(events.filter(({ type }) => type === 'reset')).toEqual([]);
});

test('a store that lacks columns of later releases is watched too', async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  const store = openDatabase(path, { create: true });
  const runId = await store.write((connection) => insertRun(connection));
  store.dispose();
  ageStore(path);
  const [reader, other] = [openReader(path), new Connection(path)];
  const events: StoreEvent[] = [];
  const feed = new ChangeFeed(reader, (event) => events.push(event));
  onTestFinished(() => {
    for (const owned of [feed, reader, other]) owned.dispose();
  });
  setTag(other, runId, 'team', 'red');
  await expect.poll(() => events).toEqual([{ type: 'runs', runs: [{ runId, experimentId: '0' }] }]);
});

test('where reading keeps others from writing, nobody is kept for longer than a moment: what cannot be told is told as a reset', async () => {
  const { other, events } = await watchLargeStore('delete');
  await other.write((connection) => setTag(connection, runIdOf(1), 'team', 'red'));
  await expect.poll(() => events).toEqual([{ type: 'reset' }]);
  await other.write((connection) => insertMetric(connection, runIdOf(runs)));
  await expect.poll(() => events.slice(1)).toEqual([metricsOf(runIdOf(runs))]);
});
