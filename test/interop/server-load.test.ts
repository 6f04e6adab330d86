import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { beforeAll, expect, onTestFinished, test } from 'vitest';

import { openDatabase } from '../../extension/server/database.ts';
import type { HttpClient } from '../../extension/shared/http.ts';
import { nodeCommand, start, type Command, type RunningProcess } from '../../extension/shared/process.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { sql } from '../../extension/shared/sql.ts';
import { pythonPath } from '../support/python.ts';
import { bundleServerProgram, startServerProgram } from '../support/server-program.ts';
import { newTempFolder } from '../support/store-database.ts';

/** Seconds of writing: ten minutes in `npm run test:full`. */
const duration = process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? 20 : 600;

let program: string;

beforeAll(async () => {
  program = await bundleServerProgram();
});

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const linesOf = ({ stdout }: RunningProcess): Interface => {
  if (stdout === null) throw new Error('no pipe');
  return createInterface({ input: stdout });
};

const createRun = async (http: HttpClient): Promise<string> => {
  const { run } = (await http.json({ method: 'POST', path: '/api/2.0/mlflow/runs/create', json: { experiment_id: '0', start_time: 1 } })) as {
    run: { info: { run_id: string } };
  };
  return run.info.run_id;
};

interface Writer {
  readonly key: string;
  /** Lets it begin, and resolves to the number of points that were acknowledged to it. */
  write(): Promise<number>;
}

const startWriter = async (command: Command, key: string): Promise<Writer> => {
  const running = await start(command, { streams: ['pipe', 'pipe', 'inherit'] });
  const lines = linesOf(running)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  const write = async (): Promise<number> => {
    running.stdin?.write('\n');
    const { value } = await lines.next();
    expect(await running.ended, `${key} ends without an error`).toEqual({ code: 0, signal: null });
    return Number(value);
  };
  return { key, write };
};

test(
  'eight Python and four Node processes write at once, directly and over HTTP: no error surfaces, nothing is lost',
  { timeout: duration * 1000 + 170_000 },
  async () => {
    const folder = newTempFolder();
    const server = await startServerProgram(program, folder);
    onTestFinished(() => server.process.kill('SIGTERM'));
    const { url } = server;
    const path = join(folder, 'mlflow.db');
    const runId = await createRun(fetchClient(url));
    const python = (uri: string, key: string): Command => ({
      file: pythonPath(),
      args: [file('../support/load_writer.py'), uri, runId, key, String(duration)],
    });
    const node = (key: string): Command => nodeCommand(file('../support/load-writer.ts'), [url, runId, key, String(duration)]);

    // The first direct open upgrades the file: MLflow's own migration must not run twice at once.
    const first = await startWriter(python(`sqlite:///${path}`, 'direct 0'), 'direct 0');
    const others = await Promise.all([
      ...[1, 2, 3].map((index) => startWriter(python(`sqlite:///${path}`, `direct ${index}`), `direct ${index}`)),
      ...[0, 1, 2, 3].map((index) => startWriter(python(url, `http ${index}`), `http ${index}`)),
      ...[0, 1, 2, 3].map((index) => startWriter(node(`node ${index}`), `node ${index}`)),
    ]);
    const acknowledged = await Promise.all([first, ...others].map(async (writer) => [writer.key, await writer.write()] as const));

    const store = openDatabase(path);
    onTestFinished(() => store.dispose());
    const stored = store.read((read) => read.all<{ key: string; points: number }>(sql`SELECT "key", count(*) AS points FROM metrics GROUP BY "key"`));
    expect(Object.fromEntries(stored.map(({ key, points }) => [key, points]))).toEqual(Object.fromEntries(acknowledged));
    expect(Math.min(...acknowledged.map(([, points]) => points))).toBeGreaterThan(0);
    expect(store.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);
    console.log(`Points written in ${duration} s: ${acknowledged.map(([key, points]) => `${key}: ${points}`).join(', ')}`);
  },
);
