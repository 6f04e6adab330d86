import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../extension/server/database.ts';
import { nodeCommand, start } from '../../extension/shared/process.ts';
import { sql } from '../../extension/shared/sql.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertRun } from '../support/store-rows.ts';

const writer = fileURLToPath(new URL('../support/crash-writer.ts', import.meta.url));

/** Starts the writer, kills it after so many acknowledged writes, and hands back all acknowledged ones. */
const writeUntilKilled = async (path: string, runId: string, kills: number): Promise<readonly number[]> => {
  const running = await start(nodeCommand(writer, [path, runId]), { streams: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: number[] = [];
  if (running.stdout === null) throw new Error('no pipe');
  for await (const line of createInterface({ input: running.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === kills) running.kill('SIGKILL');
  }
  await running.ended;
  return acknowledged;
};

describe.each(['WAL', 'DELETE'])('kill -9 in mid-write, journal mode %s', (mode) => {
  test.each([1, 7, 30, 31, 64, 111, 200, 333, 500, 800])('loses nothing acknowledged (killed after %d)', async (kills) => {
    const made = newStoreDatabase();
    const runId = await made.write((connection) => insertRun(connection));
    made.dispose();
    const plain = new Database(made.path);
    plain.pragma(`journal_mode = ${mode}`);
    plain.close();

    const acknowledged = await writeUntilKilled(made.path, runId, kills);

    const store = openDatabase(made.path);
    const stored = new Set(store.read((read) => read.all<{ step: number }>(sql`SELECT step FROM metrics`)).map((row) => row.step));
    expect(acknowledged.filter((step) => !stored.has(step))).toEqual([]);
    expect(store.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);
    store.dispose();
  });
});
