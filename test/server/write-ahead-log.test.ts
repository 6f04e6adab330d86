import { expect, onTestFinished, test } from 'vitest';

import { Connection } from '../../extension/server/connection.ts';
import { WriteAheadLog, type RowRange } from '../../extension/server/write-ahead-log.ts';
import { sql } from '../../extension/shared/sql.ts';
import { newTempFolder } from '../support/store-database.ts';

/** A file with 10,000 rows of a table, in this journal mode. */
const filledFile = (mode: 'WAL' | 'DELETE'): { readonly connection: Connection; readonly log: WriteAheadLog } => {
  const path = `${newTempFolder()}/any.db`;
  const connection = new Connection(path, { create: true });
  onTestFinished(() => connection.dispose());
  connection.get({ text: `PRAGMA journal_mode = ${mode}`, values: [] });
  connection.run(sql`CREATE TABLE notes (value TEXT)`);
  connection.run(sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO notes (value) SELECT 'note ' || i FROM n`);
  const log = new WriteAheadLog(path);
  while (log.touchedRows().length > 0);
  return { connection, log };
};

const includes = (ranges: readonly RowRange[], row: number): boolean => ranges.some(({ first, last }) => first <= row && row <= last);

test('rows that a transaction has updated are on the pages that it added to the log, told once', () => {
  const { connection, log } = filledFile('WAL');
  for (const row of [1, 128, 5000, 10_000]) {
    connection.run(sql`UPDATE notes SET value = 'later' WHERE rowid = ${row}`);
    const touched = log.touchedRows();
    expect(touched, String(row)).toHaveLength(1);
    expect(includes(touched, row), String(row)).toBe(true);
    expect(log.touchedRows()).toEqual([]);
  }
});

test('a log that was started anew is read from its beginning', () => {
  const { connection, log } = filledFile('WAL');
  connection.get({ text: 'PRAGMA wal_checkpoint(RESTART)', values: [] });
  connection.run(sql`UPDATE notes SET value = 'later' WHERE rowid = 7000`);
  const touched = log.touchedRows();
  expect(touched).toHaveLength(1);
  expect(includes(touched, 7000)).toBe(true);
});

test('what is not committed is told when it is', () => {
  const { connection, log } = filledFile('WAL');
  // Pages that do not fit into the cache go to the log before their transaction ends.
  connection.execute('PRAGMA cache_size = 2');
  connection.execute('BEGIN IMMEDIATE');
  connection.run(sql`UPDATE notes SET value = 'later' || rowid`);
  expect(log.touchedRows()).toEqual([]);
  connection.execute('COMMIT');
  const touched = log.touchedRows();
  expect([1, 5000, 10_000].every((row) => includes(touched, row))).toBe(true);
});

test('other journal modes have no log, and so tell nothing', () => {
  const { connection, log } = filledFile('DELETE');
  connection.run(sql`UPDATE notes SET value = 'later' WHERE rowid = 1`);
  expect(log.touchedRows()).toEqual([]);
});
