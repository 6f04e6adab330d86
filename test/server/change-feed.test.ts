import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { seedRuns } from '../../scripts/bench/seed-runs.ts';
import { ChangeFeed } from '../../extension/server/change-feed.ts';
import { openDatabase, openReader } from '../../extension/server/database.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { newTempFolder } from '../support/store-database.ts';
import { insertMetric, setTag } from '../support/store-rows.ts';

test('a large store is watched at once: what is written before its rows are known is told as a reset, and from then on as it is', async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  await seedRuns(path, 6000);
  const [reader, other] = [openReader(path), openDatabase(path)];
  const events: StoreEvent[] = [];
  const feed = new ChangeFeed(reader, (event) => events.push(event));
  onTestFinished(() => {
    for (const owned of [feed, reader, other]) owned.dispose();
  });
  const runId = '1'.padStart(32, '0');
  await other.write((connection) => setTag(connection, runId, 'team', 'red'));
  await expect.poll(() => events).toEqual([{ type: 'reset' }]);
  await other.write((connection) => insertMetric(connection, runId));
  await expect.poll(() => events.slice(1)).toEqual([{ type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['loss'] }] }]);
});
