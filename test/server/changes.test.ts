import { describe, expect, test } from 'vitest';
import { ChangeScanner, mergeEvents } from '../../extension/server/changes.ts';
import type { SqliteDatabase } from '../../extension/server/database.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

/** A scanner that knows a store with one run, and what it finds after a change. */
const watchedStore = async (): Promise<{
  store: SqliteDatabase;
  runId: string;
  eventsAfter: (change: (connection: Sql) => unknown) => Promise<readonly StoreEvent[]>;
}> => {
  const store = newStoreDatabase();
  const runId = await store.write((connection) => insertRun(connection));
  await store.write((connection) => setTag(connection, runId, 'note', 'one'));
  const scanner = new ChangeScanner(store.schema);
  store.read((read) => scanner.reset(read));
  const scan = (read: Sql): readonly StoreEvent[] => {
    scanner.expectUpdates();
    return mergeEvents([...scanner.scanAppended(read), ...scanner.scanUpdated(read)]);
  };
  const eventsAfter = async (change: (connection: Sql) => unknown): Promise<readonly StoreEvent[]> => {
    await store.write(change);
    const events = store.read(scan);
    expect(store.read(scan), 'told once').toEqual([]);
    return events;
  };
  return { store, runId, eventsAfter };
};

describe('a change is told once:', () => {
  test('new points of metrics, by run and key', async () => {
    const { runId, eventsAfter } = await watchedStore();
    const events = await eventsAfter((connection) => {
      insertMetric(connection, runId, { key: 'loss', step: 1 });
      insertMetric(connection, runId, { key: 'loss', step: 2 });
      insertMetric(connection, runId, { key: 'rmse', step: 1 });
    });
    expect(events).toEqual([{ type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['loss', 'rmse'] }] }]);
  });

  test('a new run with params, tags and metrics is one event of runs, then one of metrics', async () => {
    const { eventsAfter } = await watchedStore();
    const runId = 'a'.repeat(32);
    const events = await eventsAfter((connection) => {
      insertRun(connection, { runId });
      connection.run(sql`INSERT INTO params ("key", value, run_uuid) VALUES ('lr', '0.1', ${runId})`);
      setTag(connection, runId, 'note', 'new');
      insertMetric(connection, runId);
    });
    expect(events).toEqual([
      { type: 'runs', runs: [{ runId, experimentId: '0' }] },
      { type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['loss'] }] },
    ]);
  });

  test.each([
    ['the status and end of a run', sql`UPDATE runs SET status = 'FINISHED', end_time = 2000`],
    ['the name of a run', sql`UPDATE runs SET name = 'another'`],
    ['a deleted run', sql`UPDATE runs SET lifecycle_stage = 'deleted'`],
    ['a tag that was set to a value as long as before', sql`UPDATE tags SET value = 'two'`],
    ['a letter within a tag', sql`UPDATE tags SET value = 'ono' WHERE value = 'one'`],
    ['a tag that was removed', sql`DELETE FROM tags`],
  ])('%s', async (_name, change) => {
    const { runId, eventsAfter } = await watchedStore();
    expect(await eventsAfter((connection) => connection.run(change))).toEqual([{ type: 'runs', runs: [{ runId, experimentId: '0' }] }]);
  });

  test('a dataset of a run', async () => {
    const { runId, eventsAfter } = await watchedStore();
    const change = sql`INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES ('i', 'DATASET', 'd', 'RUN', ${runId})`;
    expect(await eventsAfter((connection) => connection.run(change))).toEqual([{ type: 'runs', runs: [{ runId, experimentId: '0' }] }]);
  });

  test.each([
    ['a new experiment', sql`INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (1, 'x', 'active')`],
    ['a renamed experiment', sql`UPDATE experiments SET name = 'Defaulu', last_update_time = last_update_time + 1`],
    ['an experiment of an id beyond 2^53', sql`INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (145243647950976427, 'x', 'active')`],
    ['the tag of an experiment', sql`INSERT INTO experiment_tags ("key", value, experiment_id) VALUES ('a', 'b', 0)`],
  ])('%s', async (_name, change) => {
    const { eventsAfter } = await watchedStore();
    expect(await eventsAfter((connection) => connection.run(change))).toEqual([{ type: 'experiments' }]);
  });

  test('a registered model', async () => {
    const { eventsAfter } = await watchedStore();
    expect(await eventsAfter((connection) => connection.run(sql`INSERT INTO registered_models (name, last_updated_time) VALUES ('m', 5)`))).toEqual([
      { type: 'registry' },
    ]);
  });

  test('a letter within a long tag, and nothing when a value is written again', async () => {
    const { runId, eventsAfter } = await watchedStore();
    const note = 'x'.repeat(5000);
    await eventsAfter((connection) => setTag(connection, runId, 'note', note));
    expect(await eventsAfter((connection) => setTag(connection, runId, 'note', note))).toEqual([]);
    const changed = `${note.slice(0, 1234)}y${note.slice(1235)}`;
    expect(await eventsAfter((connection) => setTag(connection, runId, 'note', changed))).toEqual([{ type: 'runs', runs: [{ runId, experimentId: '0' }] }]);
  });

  test('rows that are gone, as a reset', async () => {
    const { runId, eventsAfter } = await watchedStore();
    await eventsAfter((connection) => insertMetric(connection, runId));
    expect(await eventsAfter((connection) => connection.run(sql`DELETE FROM metrics`))).toEqual([{ type: 'reset' }]);
  });
});

describe('in a store of many runs', () => {
  /** More rows than are looked at as one. */
  const runs = 2500;

  const watchedRuns = async (): Promise<{ store: SqliteDatabase; scanner: ChangeScanner; runIds: readonly string[] }> => {
    const store = newStoreDatabase();
    const runIds = await store.write((connection) => Array.from({ length: runs }, () => insertRun(connection)));
    await store.write((connection) => runIds.forEach((runId) => setTag(connection, runId, 'note', 'one')));
    const scanner = new ChangeScanner(store.schema);
    store.read((read) => scanner.reset(read));
    return { store, scanner, runIds };
  };

  const toldRuns = (events: readonly StoreEvent[]): readonly string[] =>
    events.flatMap((event) => (event.type === 'runs' ? event.runs.map(({ runId }) => runId) : []));

  test('an old run is told with its neighbours at first, then alone', async () => {
    const { store, scanner, runIds } = await watchedRuns();
    const [old = ''] = runIds;
    const change = async (value: string): Promise<readonly string[]> => {
      await store.write((connection) => setTag(connection, old, 'note', value));
      scanner.expectUpdates();
      return toldRuns(store.read((read) => scanner.scanUpdated(read)));
    };
    expect(await change('two')).toContain(old);
    expect(await change('six')).toEqual([old]);
  });

  test('rows that are known to be touched are looked at before all others', async () => {
    const { store, scanner, runIds } = await watchedRuns();
    const old = runIds.at(1500) ?? '';
    await store.write((connection) => setTag(connection, old, 'note', 'two'));
    const [row] = store.read((read) => read.all<{ id: number }>(sql`SELECT rowid AS id FROM tags WHERE run_uuid = ${old}`));
    const first = row?.id ?? 0;
    scanner.expectUpdates([{ first, last: first + 3 }]);
    expect(toldRuns(store.read((read) => scanner.scanUpdated(read, 1e-9)))).toContain(old);
    expect(scanner.isDone, 'the others are still to be looked at').toBe(false);
  });

  test('tags that are removed from old runs are a reset, as nobody knows whose they were', async () => {
    const { store, scanner } = await watchedRuns();
    await store.write((connection) => connection.run(sql`DELETE FROM tags WHERE rowid = 5`));
    scanner.expectUpdates();
    expect(store.read((read) => scanner.scanUpdated(read))).toEqual([{ type: 'reset' }]);
  });

  test('however little time there is, an old run is told, though new ones change all the time', async () => {
    const { store, scanner, runIds } = await watchedRuns();
    const [old = '', newest = ''] = [runIds[0], runIds.at(-1)];
    await store.write((connection) => setTag(connection, old, 'note', 'two'));
    const told = new Set<string>();
    for (let value = 0; value < 20; value++) {
      await store.write((connection) => setTag(connection, newest, 'note', String(value)));
      scanner.expectUpdates();
      const events = store.read((read) => scanner.scanUpdated(read, 1e-9));
      for (const runId of toldRuns(events)) told.add(runId);
    }
    expect(told).toContain(newest);
    expect(told).toContain(old);
  });
});

describe('in a registry of many versions', () => {
  /** Of more pieces than one. */
  const versions = 25_000;

  const insertVersions = (connection: Sql, first: number, last: number): void =>
    void connection.run(sql`
      WITH RECURSIVE numbers(value) AS (SELECT ${first} UNION ALL SELECT value + 1 FROM numbers WHERE value < ${last})
      INSERT INTO model_versions (name, version, current_stage, last_updated_time) SELECT 'wine', value, 'None', 5 FROM numbers`);

  const watchedVersions = async () => {
    const watched = await watchedStore();
    await watched.eventsAfter((connection) => {
      connection.run(sql`INSERT INTO registered_models (name, last_updated_time) VALUES ('wine', 5)`);
      insertVersions(connection, 1, versions);
    });
    return watched;
  };

  test.each([
    ['the oldest version', sql`UPDATE model_versions SET current_stage = 'Staging' WHERE version = 1`],
    ['one in the middle', sql`UPDATE model_versions SET current_stage = 'Staging' WHERE version = 12345`],
    ['the newest', sql`UPDATE model_versions SET current_stage = 'Staging' WHERE version = ${versions}`],
    ['a deleted one', sql`DELETE FROM model_versions WHERE version = 10000`],
    ['an alias', sql`INSERT INTO registered_model_aliases (name, alias, version) VALUES ('wine', 'champion', 3)`],
  ])('%s is told once', async (_name, change) => {
    const { eventsAfter } = await watchedVersions();
    expect(await eventsAfter((connection) => connection.run(change))).toEqual([{ type: 'registry' }]);
  });

  test('many new ones at once are all known afterwards', async () => {
    const { eventsAfter } = await watchedVersions();
    expect(await eventsAfter((connection) => insertVersions(connection, versions + 1, 3 * versions))).toEqual([{ type: 'registry' }]);
    const change = sql`UPDATE model_versions SET current_stage = 'Staging' WHERE version = ${3 * versions - 1}`;
    expect(await eventsAfter((connection) => connection.run(change))).toEqual([{ type: 'registry' }]);
  });

  test('the server answers between two pieces, and what is small is told with the first', async () => {
    const { store } = await watchedVersions();
    const scanner = new ChangeScanner(store.schema);
    store.read((read) => scanner.reset(read));
    await store.write((connection) => connection.run(sql`INSERT INTO registered_model_aliases (name, alias, version) VALUES ('wine', 'champion', 3)`));
    scanner.expectUpdates();
    const looks: (readonly StoreEvent[])[] = [];
    while (!scanner.isDone) looks.push(store.read((read) => scanner.scanUpdated(read, 1e-9)));
    expect(looks.length).toBeGreaterThan(3);
    expect(looks[0]).toEqual([{ type: 'registry' }]);
    expect(looks.slice(1).flat()).toEqual([]);
  });
});

test('new points are found without walking an index of all points', async () => {
  const { store } = await watchedStore();
  const plan = store.read((read) =>
    read.all<{ detail: string }>(sql`EXPLAIN QUERY PLAN SELECT DISTINCT run_uuid, "key" FROM metrics NOT INDEXED WHERE rowid > ${5}`),
  );
  expect(plan[0]?.detail).toBe('SEARCH metrics USING INTEGER PRIMARY KEY (rowid>?)');
});
