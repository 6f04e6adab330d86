import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../extension/server/database.ts';
import { MlflowError } from '../../extension/shared/errors.ts';
import { nodeCommand, start } from '../../extension/shared/process.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';
import { newStoreDatabase, newTempFolder } from '../support/store-database.ts';

const insertExperiment =
  (id: number, name = `experiment ${id}`) =>
  (connection: Sql) =>
    connection.run(sql`INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (${String(id)}, ${name}, 'active')`);

const countExperiments = (connection: Sql): number | undefined => connection.get<{ n: number }>(sql`SELECT count(*) AS n FROM experiments`)?.n;

/** Another program's connection to the same file. */
const otherConnection = (path: string): Database.Database => {
  const other = new Database(path, { timeout: 0 });
  onTestFinished(() => void other.close());
  return other;
};

describe('a new store', () => {
  test('holds experiment 0 with its artifacts beside the file', () => {
    const store = newStoreDatabase();
    const row = store.read((connection) => connection.get(sql`SELECT experiment_id, name, artifact_location, lifecycle_stage FROM experiments`));
    expect(row).toEqual({ experiment_id: 0, name: 'Default', artifact_location: join(store.path, '..', 'mlruns', '0'), lifecycle_stage: 'active' });
  });

  test('is writable, at the revision that every release since 3.0.1 opens, in WAL mode with our indexes', () => {
    const store = newStoreDatabase();
    expect(store.readOnlyReason).toBeUndefined();
    expect(store.revision).toBe('bda7b8c39065');
    expect(store.schema.hasIndex('workbench_runs')).toBe(true);
    expect(otherConnection(store.path).pragma('journal_mode', { simple: true })).toBe('wal');
  });

  test('is made in an empty file too, and a second creation leaves it as it is', async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    writeFileSync(path, '');
    const first = openDatabase(path, { create: true });
    await first.write(insertExperiment(7));
    first.dispose();
    const second = openDatabase(path, { create: true });
    expect(second.read(countExperiments)).toBe(2);
    second.dispose();
  });
});

describe('a file that is no store', () => {
  const problemOf = (path: string): MlflowError => {
    try {
      openDatabase(path).dispose();
    } catch (error) {
      if (error instanceof MlflowError) return error;
    }
    throw new Error('opened, or failed without a message for people');
  };

  test('is refused in clear words when it is missing, empty or a folder', () => {
    const folder = newTempFolder();
    writeFileSync(join(folder, 'empty.db'), '');
    expect(problemOf(join(folder, 'none.db'))).toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST', message: expect.stringContaining('does not exist') });
    expect(problemOf(join(folder, 'empty.db')).message).toContain('is empty');
    expect(problemOf(folder).message).toContain('is not a file');
  });

  test('is left untouched when it is not a database', () => {
    const path = join(newTempFolder(), 'notes.db');
    writeFileSync(path, 'not a database at all, but long enough to look at');
    expect(problemOf(path).message).toBe(`${path} is not a SQLite database`);
    expect(readFileSync(path, 'utf8')).toBe('not a database at all, but long enough to look at');
  });

  test('is refused with the missing tables named when it is a database of something else', () => {
    const path = join(newTempFolder(), 'other.db');
    new Database(path).exec('CREATE TABLE notes (text)').close();
    expect(problemOf(path).message).toContain('it lacks the tables experiments, runs, metrics, params, tags');
  });

  test('is refused with the reason when it is locked or damaged', () => {
    const store = newStoreDatabase();
    store.dispose();
    const other = otherConnection(store.path);
    other.pragma('journal_mode = DELETE');
    other.exec('BEGIN EXCLUSIVE');
    expect(problemOf(store.path)).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', message: expect.stringContaining('locked') });
    other.exec('ROLLBACK');
    other.close();
    const bytes = readFileSync(store.path);
    writeFileSync(store.path, bytes.fill(0xff, 4096, 8192).fill(0xff, 100, 110));
    expect(problemOf(store.path).message).toContain('is damaged');
  });
});

describe('writes', () => {
  test('that fail roll back alone and leave the others of their group', async () => {
    const store = newStoreDatabase();
    const outcomes = await Promise.allSettled([store.write(insertExperiment(1)), store.write(insertExperiment(1)), store.write(insertExperiment(2))]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.read(countExperiments)).toBe(3);
    await expect(store.write(insertExperiment(2))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('of one turn of the event loop share a transaction', async () => {
    const store = newStoreDatabase();
    const other = otherConnection(store.path);
    const seenByOthers = other.prepare('SELECT count(*) FROM experiments').pluck();
    await Promise.all([
      store.write(insertExperiment(1)),
      store.write((connection) => {
        expect([countExperiments(connection), seenByOthers.get()]).toEqual([2, 1]);
      }),
    ]);
    expect(seenByOthers.get()).toBe(2);
  });

  test('wait for the lock of another program, and reads go on', async () => {
    const store = newStoreDatabase();
    const other = otherConnection(store.path);
    other.exec('BEGIN IMMEDIATE');
    const write = store.write(insertExperiment(1));
    expect(store.read(countExperiments)).toBe(1);
    setTimeout(() => other.exec('COMMIT'), 30);
    await write;
    expect(store.read(countExperiments)).toBe(2);
  });

  test('give up as temporarily unavailable when the lock stays', async () => {
    const store = newStoreDatabase({ lockTimeout: 40 });
    otherConnection(store.path).exec('BEGIN IMMEDIATE');
    await expect(store.write(insertExperiment(1))).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', httpStatus: 503 });
  });

  test.each(['wal', 'delete'])('name the program that holds the lock, where the system tells it: journal mode %s', async (mode) => {
    const made = newStoreDatabase();
    made.dispose();
    otherConnection(made.path).pragma(`journal_mode = ${mode}`);
    const holder = await start(nodeCommand(fileURLToPath(new URL('../support/hold-lock.ts', import.meta.url)), [made.path]), {
      streams: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void holder.stdin?.end());
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    const store = openDatabase(made.path, { lockTimeout: 40 });
    onTestFinished(() => store.dispose());
    const name = process.platform === 'linux' ? `, ${basename(process.execPath)} (process ${holder.pid})` : '';
    await expect(store.write(insertExperiment(1))).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      message: `${made.path} is locked by another program${name}: database is locked`,
    });
    expect(store.read(countExperiments)).toBe(1);
  });

  test('commit against a reader in rollback mode once it is done', async () => {
    const store = newStoreDatabase();
    store.dispose();
    const other = otherConnection(store.path);
    other.pragma('journal_mode = DELETE');
    const reopened = openDatabase(store.path);
    onTestFinished(() => reopened.dispose());
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM experiments').get();
    const write = reopened.write(insertExperiment(1));
    setTimeout(() => other.exec('COMMIT'), 400);
    await write;
    expect(other.prepare('SELECT count(*) FROM experiments').pluck().get()).toBe(2);
  });

  test('that wait when the store is closed are rejected', async () => {
    const store = newStoreDatabase();
    const write = store.write(insertExperiment(1));
    store.dispose();
    await expect(write).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });
});

describe('the schema', () => {
  test('is seen anew when another program changes it', async () => {
    const store = newStoreDatabase();
    otherConnection(store.path).exec("ALTER TABLE experiments ADD COLUMN workspace VARCHAR(63) DEFAULT 'default' NOT NULL");
    await store.write(insertExperiment(1));
    expect(store.schema.has('experiments', 'workspace')).toBe(true);
    expect(store.readOnlyReason).toBeUndefined();
  });

  test('drops our index of histories once mlflow has its own', async () => {
    const store = newStoreDatabase();
    otherConnection(store.path).exec('CREATE INDEX index_metrics_run_uuid_key_step ON metrics (run_uuid, key, step)');
    await store.write(insertExperiment(1));
    await store.write(insertExperiment(2));
    store.read(countExperiments);
    expect(store.schema.hasIndex('workbench_metrics')).toBe(false);
    expect(store.schema.hasIndex('workbench_runs')).toBe(true);
  });

  test('may be closed before it has dropped it', async () => {
    const { path } = newStoreDatabase();
    otherConnection(path).exec('CREATE INDEX index_metrics_run_uuid_key_step ON metrics (run_uuid, key, step)');
    openDatabase(path).dispose();
    const store = openDatabase(path);
    onTestFinished(() => store.dispose());
    await store.write(insertExperiment(1));
    expect(store.schema.hasIndex('index_metrics_run_uuid_key_step')).toBe(true);
  });

  test.each([
    ['DELETE FROM alembic_version', 'no schema revision'],
    ["INSERT INTO alembic_version VALUES ('aaaa')", 'several schema revisions'],
    ['CREATE TABLE _alembic_tmp_runs (a)', 'cut short'],
    ['ALTER TABLE runs DROP COLUMN deleted_time', 'runs.deleted_time'],
    ['DROP TABLE params; CREATE TABLE params (key VARCHAR(250), value VARCHAR, run_uuid VARCHAR(32), PRIMARY KEY (key))', 'primary key of params'],
    ['DROP TABLE tags; CREATE TABLE tags (key VARCHAR, value VARCHAR, run_uuid VARCHAR, place VARCHAR NOT NULL, PRIMARY KEY (key, run_uuid))', 'tags.place'],
  ])('makes the store read-only after: %s', async (statement, reason) => {
    const store = newStoreDatabase();
    store.dispose();
    otherConnection(store.path).exec(statement);
    const reopened = openDatabase(store.path);
    onTestFinished(() => reopened.dispose());
    expect(reopened.readOnlyReason).toContain(reason);
    await expect(reopened.write(insertExperiment(1))).rejects.toMatchObject({ code: 'PERMISSION_DENIED', httpStatus: 403 });
    expect(reopened.read(countExperiments)).toBe(1);
  });
});

/** Long enough for a write that nothing holds up. */
const nextTurns = async (): Promise<string> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  return 'still waiting';
};

describe('an upgrade by mlflow of an open file', () => {
  test('is waited for: what is written meanwhile is stored afterwards', async () => {
    const store = newStoreDatabase();
    const other = otherConnection(store.path);
    other.exec('CREATE TABLE _alembic_tmp_runs (a)');
    expect(store.read(countExperiments)).toBe(1);
    const written = store.write(insertExperiment(1));
    await expect(Promise.race([written, nextTurns()])).resolves.toBe('still waiting');
    other.exec('DROP TABLE _alembic_tmp_runs');
    await written;
    expect(store.read(countExperiments)).toBe(2);
    expect(store.readOnlyReason).toBeUndefined();
  });

  test('that does not end was cut short', async () => {
    const store = newStoreDatabase({ lockTimeout: 40 });
    otherConnection(store.path).exec('CREATE TABLE _alembic_tmp_runs (a)');
    await expect.poll(() => store.write(insertExperiment(1)).catch((error: unknown) => error)).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(store.read(countExperiments)).toBe(1);
  });
});

describe('a file that is replaced while it is open', () => {
  test('is opened anew, and when it is gone that is said', async () => {
    const [store, next] = [newStoreDatabase(), newStoreDatabase()];
    await next.write(insertExperiment(5));
    next.dispose();
    renameSync(next.path, store.path);
    await expect.poll(() => store.read(countExperiments)).toBe(2);
    unlinkSync(store.path);
    await expect.poll(() => store.write(insertExperiment(6)).catch((error: unknown) => error)).toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  });
});

describe('a network drive', () => {
  const isOnNetwork = (): boolean => true;

  test('gets new files without a write-ahead log: read and written, with a notice', async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    const store = openDatabase(path, { create: true, isOnNetwork });
    onTestFinished(() => store.dispose());
    expect(store.read((read) => read.get(sql`PRAGMA journal_mode`))).toEqual({ journal_mode: 'delete' });
    expect(store.readOnlyReason).toBeUndefined();
    expect(store.notice).toBe(`${path} lies on a network drive, whose locks may not reach other machines: let only one of them write at a time`);
    await store.write(insertExperiment(1));
  });

  test('lets files with one be read only, with the reason', async () => {
    const { path } = newStoreDatabase();
    const store = openDatabase(path, { isOnNetwork });
    onTestFinished(() => store.dispose());
    expect(store.readOnlyReason).toBe(`${path} can only be read: its journal mode (WAL) does not work on a network drive`);
    expect(store.notice).toBeUndefined();
    await expect(store.write(insertExperiment(1))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});

describe('the rollback journal of a foreign file', () => {
  test('stays as it was found', async () => {
    const made = newStoreDatabase();
    made.dispose();
    const other = otherConnection(made.path);
    other.pragma('journal_mode = DELETE');
    const store = openDatabase(made.path);
    onTestFinished(() => store.dispose());
    await store.write(insertExperiment(1));
    expect(other.pragma('journal_mode', { simple: true })).toBe('delete');
  });
});
