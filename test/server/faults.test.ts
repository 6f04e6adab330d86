import { chmodSync, copyFileSync, readdirSync, readFileSync, truncateSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';

import { openDatabase, type SqliteDatabase } from '../../extension/server/database.ts';
import { nodeCommand, run } from '../../extension/shared/process.ts';
import { sql } from '../../extension/shared/sql.ts';
import { canLimit, canMount, runLimited, runMounted } from '../support/mounted.ts';
import { newStoreDatabase, newTempFolder } from '../support/store-database.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

const script = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

describe.each(['wal', 'delete'])('a full disk, journal mode %s', (mode) => {
  test('is said as such, nothing of the request is stored, and writing goes on once there is room', async () => {
    const made = newStoreDatabase();
    made.dispose();
    new Database(made.path).exec(`PRAGMA journal_mode = ${mode}`).close();
    const store = openDatabase(made.path);
    onTestFinished(() => store.dispose());
    const runId = await store.write((connection) => insertRun(connection));
    const pages = store.read((read) => read.get<{ page_count: number }>(sql`PRAGMA page_count`))?.page_count ?? 0;
    store.read((read) => read.get({ text: `PRAGMA max_page_count = ${pages}`, values: [] }));

    const large = store.write((connection) => {
      setTag(connection, runId, 'small', 'x');
      setTag(connection, runId, 'large', 'x'.repeat(100_000));
    });
    await expect(large).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED', httpStatus: 507, message: expect.stringContaining(`Disk full at ${store.path}`) });
    expect(store.read((read) => read.all(sql`SELECT "key" FROM tags`))).toEqual([]);
    expect(store.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);

    store.read((read) => read.get(sql`PRAGMA max_page_count = 100000`));
    await store.write((connection) => setTag(connection, runId, 'large', 'x'.repeat(100_000)));
    expect(store.read((read) => read.all(sql`SELECT "key" FROM tags`))).toEqual([{ key: 'large' }]);
  });
});

test('a write-protected file is read, and says why it is not written', async () => {
  const made = newStoreDatabase();
  made.dispose();
  new Database(made.path).exec('PRAGMA journal_mode = DELETE').close();
  const before = readFileSync(made.path);
  chmodSync(made.path, 0o444);
  chmodSync(dirname(made.path), 0o755);
  const { stdout, stderr } = await run(nodeCommand(script('open-as-nobody.ts'), [made.path]));
  const reason = `${made.path} can only be read: the file is write-protected`;
  expect(JSON.parse(stdout || `"${stderr}"`)).toEqual({ readOnlyReason: reason, names: ['Default'], failure: reason });
  expect(readFileSync(made.path)).toEqual(before);
});

test('a file that was cut short is said to be damaged, and is not made worse', async () => {
  const made = newStoreDatabase();
  await made.write((connection) => {
    const runId = insertRun(connection);
    for (let step = 0; step < 2000; step += 1) insertMetric(connection, runId, { step });
  });
  made.dispose();
  truncateSync(made.path, 65_536);
  const before = readFileSync(made.path);
  const attempt = (): unknown => {
    const store = openDatabase(made.path);
    onTestFinished(() => store.dispose());
    return store.read((read) => read.all(sql`SELECT count(*) FROM metrics NOT INDEXED WHERE value > 1`));
  };
  expect(attempt).toThrow(/is damaged: .*malformed/);
  expect(readFileSync(made.path).equals(before)).toBe(true);
});

describe('the write-ahead log', () => {
  const countTags = (store: SqliteDatabase): number => store.read((read) => read.all(sql`SELECT 1 FROM tags`)).length;

  test('that somebody removes while the file is open takes nothing with it', async () => {
    const store = newStoreDatabase();
    const runId = await store.write((connection) => insertRun(connection));
    await store.write((connection) => setTag(connection, runId, 'before', 'x'));
    expect(countTags(store)).toBe(1);
    for (const suffix of ['-wal', '-shm']) unlinkSync(store.path + suffix);
    const seenByOthers = (): unknown => {
      const other = new Database(store.path);
      const tags = other.prepare('SELECT "key" FROM tags').pluck().all();
      other.close();
      return tags;
    };
    await expect.poll(() => [countTags(store), seenByOthers()]).toEqual([1, ['before']]);
    await store.write((connection) => setTag(connection, runId, 'later', 'x'));
    expect(seenByOthers()).toEqual(['before', 'later']);
    expect(store.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);
  });

  test('that is missing when the file is opened takes what it held, and the rest is whole', async () => {
    const store = newStoreDatabase();
    const path = join(newTempFolder(), 'mlflow.db');
    await store.write((connection) => insertRun(connection));
    copyFileSync(store.path, path);
    const opened = openDatabase(path);
    onTestFinished(() => opened.dispose());
    expect(opened.read((read) => read.all(sql`SELECT 1 FROM runs`))).toEqual([]);
    await opened.write((connection) => insertRun(connection));
    expect(opened.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);
  });

  test('of a program that has the file open is read by those who may not write it', async () => {
    const store = newStoreDatabase();
    await store.write((connection) => insertRun(connection));
    for (const name of readdirSync(dirname(store.path))) chmodSync(join(dirname(store.path), name), 0o444);
    chmodSync(dirname(store.path), 0o755);
    const { stdout, stderr } = await run(nodeCommand(script('open-as-nobody.ts'), [store.path]));
    const reason = `${store.path} can only be read: the file is write-protected`;
    expect(JSON.parse(stdout || `"${stderr}"`)).toEqual({ readOnlyReason: reason, names: ['Default'], failure: reason });
  });
});

if (canLimit) {
  test('a device that fails is named with the file, which is opened anew; what was acknowledged stays, and writing goes on once it works again', () => {
    const outcomes = runLimited(script('fill-disk.ts'), newTempFolder()) as Record<string, { acknowledged: number }>;
    expect(Object.keys(outcomes)).toEqual(['wal', 'delete']);
    for (const { acknowledged, ...outcome } of Object.values(outcomes)) {
      expect(acknowledged).toBeGreaterThan(20);
      expect(outcome).toEqual({
        code: 'INTERNAL_ERROR',
        message: expect.stringMatching(/^SQLite failed on .*\.db: disk I\/O error$/) as unknown,
        full: { stored: acknowledged, integrity: { integrity_check: 'ok' } },
        after: { stored: acknowledged + 1, integrity: { integrity_check: 'ok' } },
        isOpenedAnew: true,
      });
    }
  });
}

const contents = (folder: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));

/** Where nothing can be mounted the tests above stand for these, with a limit of SQLite's own and with rights of files. */
if (canMount) {
  describe('on a real file system', () => {
    test('a full disk is said as such, what was acknowledged stays, and writing goes on once there is room', () => {
      const whole = { integrity_check: 'ok' };
      const outcomes = runMounted('mount -t tmpfs -o size=2m tmpfs "$1"', newTempFolder(), script('fill-disk.ts')) as Record<string, { acknowledged: number }>;
      expect(Object.keys(outcomes)).toEqual(['wal', 'delete']);
      for (const { acknowledged, ...outcome } of Object.values(outcomes)) {
        expect(acknowledged).toBeGreaterThan(20);
        expect(outcome).toEqual({
          code: 'RESOURCE_EXHAUSTED',
          message: expect.stringMatching(/^Disk full at .*\.db: nothing of this request was stored$/) as unknown,
          full: { stored: acknowledged, integrity: whole },
          after: { stored: acknowledged + 1, integrity: whole },
          isOpenedAnew: false,
        });
      }
    });

    test('on a read-only one a store is read where SQLite can, else refused with what to do, and left as it is', () => {
      const folder = newTempFolder();
      for (const mode of ['wal', 'delete']) {
        const path = join(folder, `${mode}.db`);
        openDatabase(path, { create: true }).dispose();
        new Database(path).exec(`PRAGMA journal_mode = ${mode}`).close();
      }
      const before = contents(folder);
      const outcome = runMounted('mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"', folder, script('open-protected.ts'));
      const refused = (name: string): string =>
        `${join(folder, name)} cannot be opened: its folder is write-protected, and SQLite has to write beside the file (in WAL mode even to read it). Work on a copy in another folder`;
      expect(outcome).toEqual({
        wal: { refused: refused('wal.db') },
        delete: { names: ['Default'], written: `${join(folder, 'delete.db')} can only be read: the file is write-protected` },
        new: { refused: refused('new.db') },
      });
      expect(contents(folder)).toEqual(before);
    });
  });
}
