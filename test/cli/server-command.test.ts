import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { nodeCommand, run, start, type RunningProcess } from '../../extension/shared/process.ts';
import { newTempFolder } from '../support/store-database.ts';

const main = fileURLToPath(new URL('../../extension/cli/main.ts', import.meta.url));

const runServer = (args: readonly string[], cwd: string) => run({ ...nodeCommand(main, ['server', ...args]), cwd });

interface StartedServer {
  readonly running: RunningProcess;
  readonly url: string;
  readonly token: string;
  readonly folder: string;
}

const startServer = async (...args: readonly string[]): Promise<StartedServer> => {
  const folder = newTempFolder();
  const running = await start({ ...nodeCommand(main, ['server', '--port', '0', ...args]), cwd: folder }, { streams: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => running.kill('SIGKILL'));
  let url = '';
  for await (const line of createInterface({ input: running.stdout ?? process.stdin })) {
    url = /MLFLOW_TRACKING_URI=(.*)/.exec(line)?.[1] ?? url;
    const token = /MLFLOW_TRACKING_TOKEN[=:] ?(.*)/.exec(line)?.[1];
    if (token !== undefined || (url !== '' && args.includes('--no-token'))) return { running, url, token: token ?? '', folder };
  }
  throw new Error('The server ended before it was ready');
};

const askHealth = async (url: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(`${url}/health`, { headers })).status;

describe('mlflow-workbench server', () => {
  test('serves a new store with a token that it tells once, and stops on a signal', async () => {
    const { running, url, token, folder } = await startServer();
    expect(await askHealth(url)).toBe(401);
    expect(await askHealth(url, { authorization: `Bearer ${token}` })).toBe(200);
    running.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(join(folder, 'mlflow.db'))).toBe(true);
    expect(existsSync(join(folder, 'mlflow.db-wal')), 'closed tidily').toBe(false);
  });

  test('makes a token file for its owner only, and uses one that is there', async () => {
    const { folder, url, running } = await startServer('--token-file', 'token.txt');
    const file = join(folder, 'token.txt');
    const token = readFileSync(file, 'utf8').trim();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await askHealth(url, { authorization: `Bearer ${token}` })).toBe(200);
    running.kill('SIGINT');
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });

  test('writes one line per request at debug level', async () => {
    const { running, url } = await startServer('--no-token', '--log-level', 'debug');
    const lines = createInterface({ input: running.stderr ?? process.stdin })[Symbol.asyncIterator]();
    expect(await askHealth(url)).toBe(200);
    expect((await lines.next()).value).toMatch(/^debug: GET \/health 200 /);
  });

  test('ends open streams of events when it stops', async () => {
    const { running, url } = await startServer('--no-token');
    const stream = await fetch(`${url}/workbench/v1/events`);
    running.kill('SIGTERM');
    await stream.text();
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });

  test.each([[['--port', 'x']], [['--nonsense']], [['--log-level', 'loud']]])('ends with 2 for wrong usage: %j', async (args) => {
    expect(await runServer(args, newTempFolder())).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: /) });
  });

  test.each([
    [['--backend-store-uri', 'mysql://x'], "'mysql://x' is not a store that can be served"],
    [['--host', '0.0.0.0', '--no-token'], 'needs a token'],
    [['--backend-store-uri', 'sqlite:///notes.txt'], 'is not a SQLite database'],
    [['--token-file', 'notes.txt'], 'holds no token'],
  ])('ends with 1 and the reason: %j', async (args, reason) => {
    const folder = newTempFolder();
    writeFileSync(join(folder, 'notes.txt'), 'some words that are neither');
    expect(await runServer(args, folder)).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
  });
});
