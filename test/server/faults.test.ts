import { chmodSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';

import { openDatabase } from '../../extension/server/database.ts';
import { nodeCommand, run } from '../../extension/shared/process.ts';
import { sql } from '../../extension/shared/sql.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

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
  const { stdout, stderr } = await run(nodeCommand(fileURLToPath(new URL('../support/open-as-nobody.ts', import.meta.url)), [made.path]));
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
