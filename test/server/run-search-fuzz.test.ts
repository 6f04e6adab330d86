import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { appClient } from '../support/app-client.ts';
import { newTempFolder } from '../support/store-database.ts';

const words = ['params.a', 'metrics.`b c`', 'tags."x"', 'attributes.status', 'duration', 'dataset.name', 'best(metrics.m)', 'at(metrics.m, 1)', 'mean(', 'AND'];
const further = [
  'OR',
  'NOT',
  '(',
  ')',
  '=',
  '!=',
  '<',
  '=~',
  '!~',
  'LIKE',
  'IN',
  "('x')",
  'IS NULL',
  'IS NOT NULL',
  "'^a+$'",
  "'('",
  '"q"',
  '1',
  '-0.5',
  '1e999',
  ';',
  '--',
];
const hostile = ["'", '`', '\0', '\u{10ffff}', '\n', "' OR 1=1; DROP TABLE runs; --", '%', '\\'];

const filter = fc.oneof(
  fc.array(fc.constantFrom(...words, ...further, ...hostile), { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

const something = fc.oneof(filter, fc.jsonValue({ maxDepth: 2 }));

const body = fc.record(
  {
    experimentIds: fc.oneof(fc.array(fc.constantFrom('0', '1', 'x', '')), something),
    filter: something,
    viewType: fc.oneof(fc.constantFrom('ACTIVE_ONLY', 'ALL', 3), something),
    nesting: fc.oneof(fc.constantFrom('top', { childrenOf: "x'" }, { childrenOf: 1 }), something),
    by: fc.oneof(fc.array(filter), something),
    orderBy: fc.oneof(fc.array(filter.map((text) => `${text} DESC`)), something),
    columns: fc.oneof(fc.array(filter), something),
    offset: fc.oneof(fc.nat(), fc.constantFrom(-1, 1e18, 0.5, 'x')),
    limit: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0, 1e18, null)),
  },
  { requiredKeys: [] },
);

describe.each(['mlflow.db', 'mlruns'])('whatever is asked of %s', (name) => {
  test('no request is an error of the server', async () => {
    const store = openStore({ path: join(newTempFolder(), name), create: true }, { log: silentLogger });
    onTestFinished(() => store.dispose());
    const tracking = createRestTrackingStore(appClient((request) => store.app.fetch(request)));
    const { info } = await tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [{ key: 'x', value: 'y' }] });
    await tracking.logMetric(info.runId, { key: 'm', value: 1, step: 1, timestamp: 1 });
    const ask = async (path: string, json: unknown): Promise<Response> =>
      store.app.request(`/workbench/v1/${path}`, { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('run-search', 'run-groups', 'facets'), body, async (path, json) => {
        const reply = await ask(path, json);
        expect({ status: reply.status, text: reply.status < 500 ? '' : await reply.text() }).toEqual({
          status: expect.toSatisfy((status: number) => status < 500),
          text: '',
        });
      }),
    );
    expect((await ask('run-search', { experimentIds: ['0'], offset: 0, limit: 10 })).status).toBe(200);
  });

  test('the longest and deepest filter is answered', async () => {
    const store = openStore({ path: join(newTempFolder(), name), create: true }, { log: silentLogger });
    onTestFinished(() => store.dispose());
    const levels = Array.from(
      { length: 65 },
      (_value, level) =>
        `${level % 2 === 0 ? 'NOT ' : ''}(params.a = '1' AND params.b = '2' OR metrics.m > 1 OR tags.x IS NULL OR tags.y = '1' OR tags.z = '2' OR best(metrics.m) > 1 OR `,
    );
    const text = `${levels.join('')}params.a = '3'${')'.repeat(65)}`;
    const ask = (nesting: string) =>
      store.app.request('/workbench/v1/run-search', {
        method: 'POST',
        body: JSON.stringify({
          experimentIds: ['0'],
          filter: text,
          nesting,
          orderBy: ['params.a'],
          columns: Array.from({ length: 500 }, (_value, index) => `metrics.m${index}`),
          offset: 0,
          limit: 10,
        }),
        headers: { 'content-type': 'application/json' },
      });
    for (const nesting of ['all', 'top']) {
      const reply = await ask(nesting);
      expect({ status: reply.status, text: reply.status === 200 ? '' : await reply.text() }).toEqual({ status: 200, text: '' });
    }
  });
});
