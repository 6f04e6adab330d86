import fc from 'fast-check';
import { expect, test } from 'vitest';

import { byStep, byTime, inOrder } from '../../extension/tracking/metric-order.ts';
import type { Metric } from '../../extension/tracking/run.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { newStoreDatabase } from '../support/store-database.ts';

/** Few different values, so that there are many ties; some beyond what a double holds. */
const integer = fc.constantFrom(0, 1, 2, 3, 9_007_199_254_740_993n, 9_007_199_254_740_995n);
const points = fc.array(fc.record({ step: integer, timestamp: integer, value: fc.constantFrom(-1, 0, 0.5, NaN) }), { maxLength: 40 });

test('a history that is read as a whole has the order of one that is read in pages, which SQLite sorts', async () => {
  const store = new SqliteTrackingStore(newStoreDatabase(), { artifactRoot: '/nowhere' });
  await fc.assert(
    fc.asyncProperty(points, async (logged) => {
      const { info } = await store.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] });
      await store.logBatch({ runId: info.runId, metrics: logged.map((point) => ({ key: 'm', ...point })) });
      const whole = await store.getMetricHistory({ runId: info.runId, key: 'm' });
      const paged: Metric[] = [];
      for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
        const page = await store.getMetricHistory({ runId: info.runId, key: 'm', maxResults: 3, ...(pageToken !== '' && { pageToken }) });
        paged.push(...page.items);
        pageToken = page.nextPageToken;
      }
      const orderOf = (items: readonly Metric[]): readonly string[] =>
        items.map(({ step, timestamp, value }) => `${timestamp} ${step} ${Number.isNaN(value) ? 0 : value}`);
      expect(orderOf(whole.items)).toEqual(orderOf(paged));
    }),
    { numRuns: 60 },
  );
});

test('points in order are handed on as they are, others are sorted', () => {
  const point = (step: number, timestamp: number, value = 0) => ({ step, timestamp, value, isNan: 0 });
  const bySteps = [point(1, 9), point(2, 5), point(2, 5, 1), point(3, 7)];
  expect(inOrder(bySteps, byStep)).toBe(bySteps);
  expect(inOrder(bySteps, byTime).map(({ step, value }) => [step, value])).toEqual([
    [2, 0],
    [2, 1],
    [3, 0],
    [1, 0],
  ]);
});
