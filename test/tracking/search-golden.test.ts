import { join } from 'node:path';
import { expect, test } from 'vitest';

import { registryDifferences, trackingDifferences } from '../interop/scenarios/differences.ts';
import { compareExchanges } from '../support/replay.ts';
import { readGoldenSearches, replaySearches } from '../support/search-golden.ts';
import { serveStore } from '../support/serve-store.ts';
import { newTempFolder } from '../support/store-database.ts';

test('searches of runs, experiments, models and versions find what mlflow’s own server found, or say what it said', { timeout: 120_000 }, async () => {
  const server = await serveStore(join(newTempFolder(), 'mlflow.db'));
  const golden = readGoldenSearches();
  expect(golden.length).toBeGreaterThan(600);
  const ours = await replaySearches(server.url);
  expect(compareExchanges(golden, ours, [...trackingDifferences, ...registryDifferences]).join('\n')).toBe('');
  expect(ours).toHaveLength(golden.length);
});
