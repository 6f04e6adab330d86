import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { openSqliteStore } from '../../extension/server/open-store.ts';
import type { ReadReply } from '../../extension/server/reader-protocol.ts';
import { Readers } from '../../extension/server/readers.ts';
import { joinReplies, splitRead } from '../../extension/server/split-read.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { newTempFolder } from '../support/store-database.ts';
import { insertMetric, insertRun } from '../support/store-rows.ts';

const path = '/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval';
const targetOf = (runIds: readonly string[], more = ''): string => `${path}?${runIds.map((id) => `run_ids=${id}&`).join('')}metric_key=a%26b${more}`;
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_value, index) => `r${index}`);
const asked = (target: string) => ({ method: 'GET', target, contentType: undefined, body: '' });

const reply = (body: string, status = 200): ReadReply => ({ status, contentType: 'application/json', body: new TextEncoder().encode(body).buffer });
const textOf = ({ body }: ReadReply): string => new TextDecoder().decode(body);

test('the histories of many runs are two requests, each with all that is asked of them', () => {
  const halves = splitRead(asked(targetOf(ids(21), '&max_results=7&start_step=1')));
  const parts = halves?.map(({ target }) => new URLSearchParams(target.slice(path.length)));
  expect(parts?.map((query) => query.getAll('run_ids'))).toEqual([ids(21).slice(0, 11), ids(21).slice(11)]);
  for (const query of parts ?? []) expect(['metric_key', 'max_results', 'start_step'].map((name) => query.get(name))).toEqual(['a&b', '7', '1']);
});

test.each([
  ['of few runs', asked(targetOf(ids(19)))],
  ['of more runs than are allowed, which is refused as a whole', asked(targetOf(ids(101)))],
  ['without a query', asked(path)],
  ['of another endpoint', asked(targetOf(ids(50)).replace('-interval', ''))],
  ['that is posted', { ...asked(targetOf(ids(50))), method: 'POST' }],
])('a request %s stays one', (_what, request) => expect(splitRead(request)).toBeUndefined());

test.each([
  ['{"metrics":[1,2]}', '{"metrics":[3]}', '{"metrics":[1,2,3]}'],
  ['{}', '{"metrics":[3]}', '{"metrics":[3]}'],
  ['{"metrics":["é"]}', '{}', '{"metrics":["é"]}'],
  ['{}', '{}', '{}'],
])('%s and %s are %s', (first, second, whole) => expect(textOf(joinReplies([reply(first), reply(second)]))).toBe(whole));

test('what fails in one half fails as a whole', () => {
  const [good, bad] = [reply('{}'), reply('{"error_code":"X"}', 400)];
  expect(joinReplies([good, bad])).toBe(bad);
  expect(joinReplies([bad, good])).toBe(bad);
});

test('two threads answer what one does', async () => {
  const file = join(newTempFolder(), 'mlflow.db');
  const readers = new Readers();
  const [threaded, alone] = [
    openSqliteStore({ path: file, create: true }, { readers, log: silentLogger }),
    openSqliteStore({ path: file }, { log: silentLogger }),
  ];
  onTestFinished(() => [threaded, alone, readers].forEach((one) => one.dispose()));
  const runIds = await threaded.database.write((connection) => {
    const runs = Array.from({ length: 30 }, () => insertRun(connection));
    // A run in the middle has none.
    for (const [at, runId] of runs.entries())
      for (let step = 0; at !== 15 && step < 9; step += 1) insertMetric(connection, runId, { step, value: at + step / 10 });
    return runs;
  });
  for (const target of [targetOf(runIds, '&max_results=4').replace('a%26b', 'loss'), targetOf(runIds), targetOf(runIds, '&max_results=0')]) {
    const [one, two] = [await alone.app.request(target), await threaded.app.request(target)];
    expect([two.status, await two.text()]).toEqual([one.status, await one.text()]);
  }
});
