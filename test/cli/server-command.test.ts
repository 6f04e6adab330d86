import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { nodeCommand, run, start, type RunningProcess } from '../../extension/shared/process.ts';
import { pick } from '../support/replay.ts';
import { newTempFolder } from '../support/store-database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Programs start in these; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

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

test('npm run -s cli builds what is missing, quietly, and is the one command line', async () => {
  const copy = join(newTempFolder(), 'repository');
  const left = /^(?:node_modules|dist|test|test-results|examples|\.git)$/;
  cpSync(root, copy, { recursive: true, filter: (path) => !left.test(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const { scripts } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as { scripts: { cli: string } };
  const [, script = '', ...args] = scripts.cli.split(' ');
  const ask = (...verb: readonly string[]) => run({ ...nodeCommand(join(copy, script), [...args, ...verb]), cwd: copy });
  const help = await ask('server', '--help');
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Usage: mlflow-workbench server \[options\]/) });
  const verbs = (await ask('--help')).stdout;
  for (const verb of ['server', 'run', 'language-server', 'gate']) expect(verbs).toMatch(new RegExp(`^  ${verb} `, 'm'));
});

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

  test('serves a folder as mlruns', async () => {
    const { url, folder } = await startServer('--no-token', '--backend-store-uri', './mlruns', '--default-artifact-root', './mlruns');
    const reply = await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`);
    expect(await reply.json()).toMatchObject({ experiment: { name: 'Default' } });
    expect(existsSync(join(folder, 'mlruns', '0', 'meta.yaml'))).toBe(true);
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

  test('takes the token from its standard input, and ends with it when asked to', async () => {
    const folder = newTempFolder();
    const args = ['server', '--port', '0', '--token-file', '-', '--stop-with-stdin'];
    const running = await start({ ...nodeCommand(main, args), cwd: folder }, { streams: ['pipe', 'pipe', 'pipe'] });
    onTestFinished(() => running.kill('SIGKILL'));
    const token = 'a-token-from-the-standard-input';
    running.stdin?.write(`${token}\n`);
    const url = await new Promise<string>((resolve) => {
      running.stdout?.on('data', (chunk: Buffer) => resolve(/MLFLOW_TRACKING_URI=(\S+)/.exec(String(chunk))?.[1] ?? ''));
    });
    expect(await askHealth(url, { authorization: `Bearer ${token}` })).toBe(200);
    running.stdin?.end();
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });

  test('lets an upload that is under way end when it is told to stop, and takes no further request', async () => {
    const { running, url, folder } = await startServer('--no-token');
    const { port } = new URL(url);
    const outgoing = request({ host: '127.0.0.1', port, method: 'PUT', path: '/api/2.0/mlflow-artifacts/artifacts/model.bin', agent: false });
    const status = new Promise<number | undefined>((resolve, reject) => outgoing.on('response', (reply) => resolve(reply.statusCode)).on('error', reject));
    await new Promise((resolve) => outgoing.write('first half, ', resolve));
    await expect.poll(() => existsSync(join(folder, 'mlartifacts'))).toBe(true);
    running.kill('SIGTERM');
    await expect.poll(() => askHealth(url).catch(() => 'refused')).toBe('refused');
    outgoing.end('second half');
    expect(await status).toBe(200);
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(folder, 'mlartifacts/model.bin'), 'utf8')).toBe('first half, second half');
  });

  test('names every option in its help', async () => {
    const { code, stdout } = await runServer(['--help'], newTempFolder());
    expect(code).toBe(0);
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
    expect(options).toEqual([
      '--backend-store-uri',
      '--artifacts-destination',
      '--default-artifact-root',
      '--artifact-folders',
      '--host',
      '--port',
      '--allowed-hosts',
      '--token-file',
      '--no-token',
      '--stop-with-stdin',
      '--log-level',
      '--help',
    ]);
    const docs = readFileSync(new URL('../../docs/server.md', import.meta.url), 'utf8');
    expect(options.filter((option) => option !== '--help' && !docs.includes(`\`${option}\``))).toEqual([]);
  });

  test.each([
    [[], 403, 'Start the server with --artifact-folders'],
    [['--artifact-folders', 'elsewhere'], 200, 'outside'],
  ])('reads artifacts outside the folder of the store only in folders that it was given: %j', async (args, status, text) => {
    const { url, folder } = await startServer('--no-token', '--backend-store-uri', 'sqlite:///store/mlflow.db', ...args);
    const elsewhere = join(folder, 'elsewhere');
    const post = async (path: string, body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/2.0/mlflow${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const experimentId = pick(await post('/experiments/create', { name: 'e', artifact_location: elsewhere }), 'experiment_id');
    const run = await post('/runs/create', { experiment_id: experimentId });
    const artifacts = pick(run, 'run.info.artifact_uri');
    mkdirSync(artifacts, { recursive: true });
    writeFileSync(join(artifacts, 'x.txt'), 'outside');
    const reply = await fetch(`${url}/get-artifact?run_id=${pick(run, 'run.info.run_id')}&path=x.txt`);
    expect(reply.status).toBe(status);
    expect(await reply.text()).toContain(text);
  });

  test('says in words that a port is taken', async () => {
    const { url } = await startServer('--no-token');
    const { port } = new URL(url);
    const { code, stderr } = await runServer(['--port', port], newTempFolder());
    expect(code).toBe(1);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: the port is taken by another program`);
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
