import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { asExperimentId, asRunId, type RunId } from '../../schemas/ids.ts';
import type { SqliteDatabase } from '../../extension/server/database.ts';
import { JsonBytes, parseJson, writeJson } from '../../extension/shared/json.ts';
import { sql, type SqlValue } from '../../extension/shared/sql.ts';
import { piecesOf } from '../../extension/tracking/rest-point-pieces.ts';
import { metricReply, pageOfJson, pageReply, runReply, runTextReply } from '../../extension/tracking/rest-replies.ts';
import { readHistoryJson, readSampleJson } from '../../extension/tracking/sqlite-point-json.ts';
import { readMetricHistory, sampleMetricHistories } from '../../extension/tracking/sqlite-metrics.ts';
import { searchRuns, searchRunTexts } from '../../extension/tracking/sqlite-runs.ts';
import type { SearchRuns } from '../../extension/tracking/tracking-store.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

/** What a reply says. */
const said = (reply: object): unknown => parseJson(reply instanceof JsonBytes ? new TextDecoder().decode(reply.buffer) : writeJson(reply));
const all = { experimentIds: [asExperimentId('0')], maxResults: 1000 };
const largest = Number.MAX_VALUE;
/** Between these a double without a fraction can be spelt as an integer that is read exactly. */
const isSpeltAlike = (value: number): boolean => Math.abs(value) < 2 ** 53 || Math.abs(value) >= 1e21;

/** Of any types: other programs write anything. */
interface Latest {
  readonly key: string | Uint8Array;
  readonly value: unknown;
  readonly isNan?: number;
  readonly step?: unknown;
  readonly timestamp?: unknown;
}

const setLatest = (store: SqliteDatabase, runId: string, { key, value, isNan = 0, step = 0, timestamp = 1 }: Latest): Promise<number> =>
  store.write((db) =>
    db.run({
      text: 'INSERT INTO latest_metrics ("key", value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)',
      values: [key, value, timestamp, step, isNan, runId] as readonly SqlValue[],
    }),
  );

describe('a page of runs as text', () => {
  const asText = (store: SqliteDatabase, search: SearchRuns = all) => {
    const page = store.read((db) => searchRunTexts(db, store.schema, search));
    return page && said(pageOfJson('runs', [[page.items.map(runTextReply).join(',')]], page.nextPageToken));
  };
  const asObjects = (store: SqliteDatabase, search: SearchRuns = all) => {
    const page = store.read((db) => searchRuns(db, store.schema, search));
    return said(pageReply('runs', page.items.map(runReply), page.nextPageToken));
  };

  test('says what the same page of objects says, whatever texts and numbers its runs have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' })), { maxLength: 6 }),
        fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isSpeltAlike), fc.bigInt(0n, 2n ** 62n)), {
          maxLength: 6,
        }),
        async (tags, metrics) => {
          const store = newStoreDatabase();
          const runId = await store.write((db) => {
            const id = insertRun(db);
            insertRun(db);
            for (const [key, value] of tags) setTag(db, id, key, value);
            for (const [key, value] of tags) db.run(sql`INSERT OR IGNORE INTO params ("key", value, run_uuid) VALUES (${key}, ${value}, ${id})`);
            return id;
          });
          for (const [key, value, step] of new Map(metrics.map((metric) => [metric[0], metric])).values()) await setLatest(store, runId, { key, value, step });
          await setLatest(store, runId, { key: 'not a number', value: 0, isNan: 1 });
          expect(asText(store)).toEqual(asObjects(store));
          expect(asText(store, { ...all, maxResults: 1 })).toEqual(asObjects(store, { ...all, maxResults: 1 }));
        },
      ),
      { numRuns: 15 },
    );
  });

  test.each<[string, Latest]>([
    ['a value that is no number', { key: 'm', value: 'high' }],
    ['one beyond all doubles', { key: 'm', value: Infinity }],
    ['a step that is no integer', { key: 'm', value: 1, step: 1.5 }],
    ['a time that is none', { key: 'm', value: 1, timestamp: 'today' }],
  ])('is made of objects where %s is to be told', async (_what, metric) => {
    const store = newStoreDatabase();
    const runId = await store.write((db) => insertRun(db));
    await setLatest(store, runId, metric);
    expect(asText(store)).toBeUndefined();
  });

  test('has bytes of other programs as text', async () => {
    const store = newStoreDatabase();
    const bytes = new TextEncoder().encode('by"tes');
    const runId = await store.write((db) => {
      const id = insertRun(db);
      for (const table of [sql`tags`, sql`params`]) db.run(sql`INSERT INTO ${table} ("key", value, run_uuid) VALUES (${bytes}, ${bytes}, ${id})`);
      return id;
    });
    await setLatest(store, runId, { key: bytes, value: 1 });
    const pair = { key: 'by"tes', value: 'by"tes' };
    expect(asText(store)).toMatchObject({ runs: [{ data: { params: [pair], tags: [pair], metrics: [{ key: 'by"tes', value: 1 }] } }] });
  });
});

describe('points as text', () => {
  const key = 'a "key", é';
  const points = [
    { step: 3, timestamp: 10, value: 0.1 + 0.2 },
    { step: 1, timestamp: 20, value: -largest },
    { step: 2, timestamp: 20, value: 5e-324 },
    { step: 2, timestamp: 20, value: 1e22 },
    { step: -4, timestamp: 30, value: 0, isNan: 1 },
    { step: 9, timestamp: 25, value: Infinity },
    { step: 10, timestamp: 26, value: -Infinity },
  ];

  const newHistory = async (
    isOdd: boolean,
  ): Promise<{
    readonly store: SqliteDatabase;
    readonly runIds: readonly RunId[];
  }> => {
    const store = newStoreDatabase();
    const runIds = await store.write((db) => {
      const [one, empty, other] = [insertRun(db), insertRun(db), insertRun(db)];
      for (const point of points) insertMetric(db, one, { key, ...point });
      for (let step = 0; step < 50; step += 1) insertMetric(db, other, { key, step, timestamp: 1e12 + step, value: step / 7 });
      db.run(sql`INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (${key}, 1, ${2n ** 60n + 1n}, ${one}, ${2n ** 61n + 1n}, 0)`);
      if (isOdd) db.run(sql`INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (${key}, 'high', 'today', ${one}, 'x', 0)`);
      return [one, empty, other].map(asRunId);
    });
    return { store, runIds };
  };

  test.each([false, true])('are those of a history, in its order; with a row of another program: %s', async (isOdd) => {
    const { store, runIds } = await newHistory(isOdd);
    for (const runId of runIds)
      for (const maxResults of [undefined, 100]) {
        const search = {
          runId,
          key,
          ...(maxResults !== undefined && { maxResults }),
        };
        const { items } = store.read((db) => readMetricHistory(db, store.schema, search));
        const text = store.read((db) => readHistoryJson(db, store.schema, search, piecesOf(key))) ?? [];
        expect(said(pageOfJson('metrics', [text]))).toEqual(said(pageReply('metrics', items.map(metricReply), undefined)));
      }
  });

  test('of a history that is read in pages are not written', async () => {
    const { store, runIds } = await newHistory(false);
    const [runId = asRunId('')] = runIds;
    const read = (more: object) => store.read((db) => readHistoryJson(db, store.schema, { runId, key, ...more }, piecesOf(key)));
    expect(read({ maxResults: points.length })).toBeUndefined();
    expect(read({ maxResults: points.length + 1 })).toHaveLength(3);
    expect(read({ maxResults: 100, pageToken: 'a token' })).toBeUndefined();
  });

  test.each([false, true])('are those of samples, run by run; with a row of another program: %s', async (isOdd) => {
    const { store, runIds } = await newHistory(isOdd);
    for (const search of [{ maxResults: 7 }, { maxResults: 100 }, { maxResults: 3, steps: { from: 1, to: 40 } }]) {
      const found = store.read((db) => sampleMetricHistories(db, store.schema, { runIds, key, ...search }));
      const texts = store.read((db) => readSampleJson(db, store.schema, { runIds, key, ...search }, (runId) => piecesOf(key, runId)));
      expect(said(pageOfJson('metrics', texts))).toEqual(
        said(
          pageReply(
            'metrics',
            found.map((metric) => ({
              ...metricReply(metric),
              run_id: metric.runId,
            })),
            undefined,
          ),
        ),
      );
    }
  });
});
