import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mergeEvents } from '../../extension/server/change-events.ts';
import { ChangeScanner } from '../../extension/server/changes.ts';
import type { SqliteDatabase } from '../../extension/server/database.ts';
import { HeldSnapshot } from '../../extension/server/held-snapshot.ts';
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

describe('a large store that is not learned yet', () => {
  const runs = 5000;

  /** As it was before the test changes it. */
  const beginToWatch = async () => {
    const store = newStoreDatabase();
    const runIds = await store.write((connection) => Array.from({ length: runs }, () => insertRun(connection)));
    await store.write((connection) => runIds.forEach((runId) => setTag(connection, runId, 'note', 'one')));
    const scanner = new ChangeScanner(store.schema);
    const past = HeldSnapshot.take(store.path);
    if (past === undefined) throw new Error('A new store has no write-ahead log');
    onTestFinished(() => past.dispose());
    scanner.begin(past.sql, past.sql);
    const look = (time?: number): readonly StoreEvent[] => {
      scanner.expectUpdates();
      return store.read((read) => [...scanner.scanAppended(read), ...scanner.scanUpdated(read, time)]);
    };
    return { store, scanner, runIds, past: past.sql, look };
  };

  const runIdsIn = (events: readonly StoreEvent[]): readonly string[] =>
    events.flatMap((event) => (event.type === 'runs' ? event.runs.map(({ runId }) => runId) : []));

  test('tells what is appended by itself, and an update of an old run as what it was at the beginning shows', async () => {
    const { store, scanner, runIds, past, look } = await beginToWatch();
    expect(scanner.isLearned).toBe(false);
    const [old = '', newest = ''] = [runIds[100], runIds.at(-1)];
    await store.write((connection) => insertMetric(connection, newest));
    expect(look()).toEqual([{ type: 'metrics', runs: [{ runId: newest, experimentId: '0', keys: ['loss'] }] }]);
    await store.write((connection) => setTag(connection, newest, 'note', 'two'));
    expect(look()).toEqual([{ type: 'runs', runs: [{ runId: newest, experimentId: '0' }] }]);
    await store.write((connection) => setTag(connection, old, 'note', 'two'));
    expect(runIdsIn(look())).toContain(old);
    expect(look()).toEqual([]);
    scanner.learn(past);
    expect(scanner.isLearned).toBe(true);
    expect(look()).toEqual([]);
  });

  test('that is learned a piece at a time tells every updated run, whenever it is looked at', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('update' as const), run: fc.nat(runs - 1) }),
      fc.record({ kind: fc.constantFrom('learn' as const, 'look' as const, 'look at all' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { store, scanner, runIds, past, look } = await beginToWatch();
        const [updated, told] = [new Set<string>(), new Set<string>()];
        const note = (events: readonly StoreEvent[]): void => {
          expect(events.every(({ type }) => type === 'runs')).toBe(true);
          for (const runId of runIdsIn(events)) told.add(runId);
        };
        for (const [index, { kind, ...of }] of steps.entries()) {
          if ('run' in of) await store.write((connection) => setTag(connection, runIds[of.run] ?? '', 'note', `value ${index}`));
          if ('run' in of) updated.add(runIds[of.run] ?? '');
          else if (kind === 'learn') scanner.learn(past, 1e-9);
          else note(look(kind === 'look' ? 1e-9 : undefined));
        }
        scanner.learn(past);
        note(look());
        expect([...updated].filter((runId) => !told.has(runId))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('tells an update of an old run as a reset where nothing shows what it was, and knows everything then', async () => {
    const { store, runIds } = await beginToWatch();
    const scanner = new ChangeScanner(store.schema);
    store.read((read) => scanner.begin(read));
    await store.write((connection) => setTag(connection, runIds[100] ?? '', 'note', 'two'));
    scanner.expectUpdates();
    expect(store.read((read) => scanner.scanUpdated(read))).toEqual([{ type: 'reset' }]);
    expect(scanner.isLearned).toBe(true);
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

  test.each([1, 12_345, versions])('that is not learned yet, a change of version %i is told', async (version) => {
    const { store } = await watchedVersions();
    const past = HeldSnapshot.take(store.path);
    onTestFinished(() => past?.dispose());
    if (past === undefined) throw new Error('A new store has no write-ahead log');
    const scanner = new ChangeScanner(store.schema);
    scanner.begin(past.sql, past.sql);
    expect(scanner.isLearned).toBe(false);
    await store.write((connection) => connection.run(sql`UPDATE model_versions SET current_stage = 'Staging' WHERE version = ${version}`));
    const look = (): readonly StoreEvent[] => {
      scanner.expectUpdates();
      return store.read((read) => scanner.scanUpdated(read));
    };
    expect(look()).toEqual([{ type: 'registry' }]);
    expect(look()).toEqual([]);
    scanner.learn(past.sql);
    expect(look()).toEqual([]);
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
