/**
 * Writes into a new store in this folder, in either journal mode, until its disk is full, or with `limited` until its files may not grow any
 * more; then makes room, and prints what happened.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { openDatabase, type SqliteDatabase } from '../../extension/server/database.ts';
import { sql } from '../../extension/shared/sql.ts';
import { insertRun, setTag } from './store-rows.ts';

const [folder = '', kind] = process.argv.slice(2);

/** Bytes, or `unlimited`, of each file that this process writes. */
const limitFiles = (size: string): void => void execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${size}:`]);

/** Hands back what makes room again. */
const takeRoom = (): (() => void) => {
  if (kind === 'limited') {
    limitFiles(String(2 * 1024 * 1024));
    return () => limitFiles('unlimited');
  }
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(512 * 1024, 1));
  return () => rmSync(ballast);
};

const newStore = (mode: string): SqliteDatabase => {
  const path = join(folder, `${mode}.db`);
  openDatabase(path, { create: true }).dispose();
  new Database(path).exec(`PRAGMA journal_mode = ${mode}`).close();
  return openDatabase(path);
};

const tagsIn = (store: SqliteDatabase): number => store.read((read) => read.all(sql`SELECT "key" FROM tags`)).length;
const integrityOf = (store: SqliteDatabase): unknown => store.read((read) => read.get(sql`PRAGMA integrity_check`));

const fill = async (mode: string): Promise<object> => {
  const makeRoom = takeRoom();
  const store = newStore(mode);
  const runId = await store.write((write) => insertRun(write));
  const opened = store.schemaVersion;
  let acknowledged = 0;
  const writeTag = (): Promise<number> => store.write((write) => setTag(write, runId, `tag ${acknowledged}`, 'x'.repeat(8000)));
  let failure: unknown;
  while (failure === undefined) {
    await writeTag().then(
      () => (acknowledged += 1),
      (error: unknown) => (failure = error),
    );
  }
  const full = { stored: tagsIn(store), integrity: integrityOf(store) };
  // Nobody replaces the file and nobody changes its tables here.
  const isOpenedAnew = store.schemaVersion !== opened;
  makeRoom();
  await writeTag();
  const after = { stored: tagsIn(store), integrity: integrityOf(store) };
  store.dispose();
  rmSync(store.path);
  const { code, message } = failure as { code?: string; message?: string };
  return { code, message, acknowledged, full, after, isOpenedAnew };
};

console.log(JSON.stringify({ wal: await fill('wal'), delete: await fill('delete') }));
