import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { ModelServer } from '../../extension/models/model-server.ts';
import { createScoringClient } from '../../extension/models/scoring-client.ts';
import { listServingFolders } from '../../extension/models/serving-folder.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import { answering, newServingSite, outputOfServer, phaseOf, standIn, startServer } from '../support/serving-site.ts';

/** Each server has a supervisor; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

const pidsOf = async (server: ModelServer): Promise<readonly number[]> =>
  [...(await outputOfServer(server)).matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));

const alive = async (pids: readonly number[]): Promise<number> => (await Promise.all(pids.map(identify))).filter((identity) => identity !== undefined).length;

const supervisorOf = async (server: ModelServer): Promise<number> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('serving-supervisor') && command.includes(server.plan.id)) return Number(pid);
  }
  throw new Error('There is no supervisor');
};

describe('a server', () => {
  test('is ready when it answers, on loopback, and is gone with all its children after Stop', async () => {
    const site = newServingSite();
    const child = `require('node:child_process').spawn(process.execPath, ['-e', "console.log('pid=' + process.pid); setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); process.on('SIGINT', () => {})"], { stdio: 'inherit', detached: true });`;
    const server = await startServer(site, { interpreter: standIn(site.folder, child + answering) });
    const state = await phaseOf(server, 'ready');
    expect(await createScoringClient('port' in state ? state.port : 0).ping()).toBe(true);
    await expect.poll(async () => (await pidsOf(server)).length).toBe(2);
    const pids = await pidsOf(server);
    expect(await alive(pids)).toBe(2);
    server.stop();
    expect(await phaseOf(server, 'stopped')).toMatchObject({ phase: 'stopped' });
    expect(await alive(pids)).toBe(0);
  });

  test('gets its arguments as they are, whatever they hold', async () => {
    const site = newServingSite();
    const modelUri = `models:/it's "x" $(touch ${site.folder}/oops) \`id\`; &/1`;
    const server = await startServer(site, { modelUri, interpreter: standIn(site.folder, `console.log(JSON.stringify(process.argv.slice(2)));${answering}`) });
    await phaseOf(server, 'ready');
    const [line = ''] = (await outputOfServer(server)).split('\n');
    expect(JSON.parse(line)).toEqual([
      ...['-m', 'mlflow', 'models', 'serve', '--model-uri', modelUri, '--env-manager', 'local'],
      ...['--host', '127.0.0.1', '--port', expect.stringMatching(/^\d+$/), '--timeout', '600'],
    ]);
  });

  test('that dies tells its cause, and the package that is missing', async () => {
    const site = newServingSite();
    const script = `console.error("Traceback (most recent call last):\\n  File x\\nModuleNotFoundError: No module named 'sklearn.linear'\\nException: Command '[...]' returned non zero return code. Return code = 1"); process.exit(1);`;
    const server = await startServer(site, { interpreter: standIn(site.folder, script) });
    const state = await phaseOf(server, 'failed');
    expect(state).toMatchObject({ failure: { message: expect.stringContaining('needs the Python module sklearn.linear'), missingPackage: 'scikit-learn' } });
  });

  test('that dies while it serves has failed, with what it said last and without its secrets', async () => {
    const site = newServingSite();
    const script = `createServer((request, reply) => { reply.end('\\n'); setTimeout(() => { console.error('RuntimeError: no answer from https://me:hunter2@example.org/?token=abc'); process.exit(4); }, 50); }).listen(port, '127.0.0.1');`;
    const server = await startServer(site, { interpreter: standIn(site.folder, script) });
    const state = await phaseOf(server, 'failed');
    expect(state).toMatchObject({ failure: { message: 'RuntimeError: no answer from https://example.org/?token=…' } });
  });

  test('that never answers has failed once its time is over, and is ended', async () => {
    const site = newServingSite({ start: 1_500 });
    const server = await startServer(site, { interpreter: standIn(site.folder, `console.log('pid=' + process.pid); setInterval(() => {}, 1000);`) });
    expect(await phaseOf(server, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('did not answer within 1.5 s') } });
    expect(await alive(await pidsOf(server))).toBe(0);
  });

  test('whose port is taken meanwhile gets another one', async () => {
    const site = newServingSite();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const busy = typeof address === 'object' && address !== null ? address.port : 0;
    const onceOnly = `const { existsSync, writeFileSync } = require('node:fs'); if (!existsSync('${join(site.folder, 'tried')}')) { writeFileSync('${join(site.folder, 'tried')}', String(port)); console.error('ERROR: [Errno 98] address already in use'); process.exit(3); }`;
    const server = await startServer(site, { interpreter: standIn(site.folder, onceOnly + answering) }, { port: busy });
    const state = await phaseOf(server, 'ready');
    expect('port' in state && state.port).not.toBe(busy);
    taken.close();
  });

  test('that cannot be started says why', async () => {
    const site = newServingSite();
    const server = await startServer(site, { interpreter: join(site.folder, 'no-python') });
    expect(await phaseOf(server, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('Cannot start') } });
  });

  test('gets no variable that it does not need, and no token', async () => {
    const site = newServingSite();
    vi.stubEnv('MLFLOW_TRACKING_TOKEN', 'secret-1');
    vi.stubEnv('MLFLOW_TRACKING_URI', 'https://elsewhere.example');
    vi.stubEnv('GITHUB_TOKEN', 'secret-2');
    vi.stubEnv('OPENAI_API_KEY', 'asked-for');
    vi.stubEnv('MY_MODELS', 'allowed');
    const interpreter = standIn(site.folder, `console.log(JSON.stringify(process.env));${answering}`);
    const variables = ['OPENAI_API_KEY', 'MLFLOW_TRACKING_TOKEN'];
    const start = { allowed: ['MY_MODELS'], store: { kind: 'sqlite', path: '/data/mlflow.db' } } as const;
    const server = await startServer(site, { interpreter, variables }, start);
    vi.unstubAllEnvs();
    await phaseOf(server, 'ready');
    const [line = ''] = (await outputOfServer(server)).split('\n');
    const environment = JSON.parse(line) as Record<string, string>;
    expect(environment).toMatchObject({
      OPENAI_API_KEY: 'asked-for',
      MY_MODELS: 'allowed',
      MLFLOW_TRACKING_URI: 'sqlite:////data/mlflow.db',
      HOME: process.env['HOME'],
    });
    expect(environment['PATH']?.startsWith(join(site.folder, 'bin'))).toBe(true);
    expect(Object.keys(environment)).toEqual(expect.not.arrayContaining(['GITHUB_TOKEN', 'MLFLOW_TRACKING_TOKEN', 'ELECTRON_RUN_AS_NODE']));
  });
});

describe('when a window goes', () => {
  test('a server ends, once no other has come for it', async () => {
    const site = newServingSite({ lease: 300 });
    const server = await startServer(site, { interpreter: standIn(site.folder, answering) });
    await phaseOf(server, 'ready');
    const pids = await pidsOf(server);
    server.dispose();
    await expect.poll(async () => await alive(pids)).toBe(0);
  });

  test('a window that comes back in time has it again, at the same address', async () => {
    const site = newServingSite({ lease: 20_000 });
    const server = await startServer(site, { interpreter: standIn(site.folder, answering) });
    const before = await phaseOf(server, 'ready');
    server.dispose();
    const [folder] = await listServingFolders(site.root);
    const plan = await folder?.readPlan();
    if (folder === undefined || plan === undefined) throw new Error('Nothing is found');
    const again = await ModelServer.attach(folder, plan);
    expect(again.state).toEqual(before);
    again.stop();
    await phaseOf(again, 'stopped');
    again.dispose();
  });

  test('one that is kept goes on, until it is stopped', async () => {
    const site = newServingSite({ lease: 200 });
    const server = await startServer(site, { interpreter: standIn(site.folder, answering) });
    await phaseOf(server, 'ready');
    server.keep(true);
    await expect.poll(() => server.state.isKept).toBe(true);
    const pids = await pidsOf(server);
    server.dispose();
    const other = await startServer(newServingSite({ lease: 200 }), { interpreter: standIn(site.folder, answering) });
    await phaseOf(other, 'ready');
    const otherPids = await pidsOf(other);
    other.dispose();
    // By then the one that is not kept has ended, whose time was as long.
    await expect.poll(async () => await alive(otherPids)).toBe(0);
    expect(await alive(pids)).toBe(1);
    const again = await ModelServer.attach(server.folder, server.plan);
    again.stop();
    await phaseOf(again, 'stopped');
    again.dispose();
    expect(await alive(pids)).toBe(0);
  });
});

test('when its supervisor is killed, a server is ended by the window that sees it', async () => {
  const site = newServingSite();
  const server = await startServer(site, { interpreter: standIn(site.folder, answering) });
  await phaseOf(server, 'ready');
  const pids = await pidsOf(server);
  process.kill(await supervisorOf(server), 'SIGKILL');
  expect(await phaseOf(server, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('watched over the server ended') } });
  expect(await alive(pids)).toBe(0);
});

describe('a request', () => {
  test('to a server whose answer is longer than a page can show gets its beginning', async () => {
    const site = newServingSite();
    const script = `createServer((request, reply) => { if (request.url === '/ping') return reply.end('\\n'); request.resume().on('end', () => { reply.writeHead(200, { 'content-type': 'application/json' }); reply.end('x'.repeat(20 * 1024 * 1024)); }); }).listen(port, '127.0.0.1');`;
    const server = await startServer(site, { interpreter: standIn(site.folder, script) });
    const state = await phaseOf(server, 'ready');
    const client = createScoringClient('port' in state ? state.port : 0);
    const reply = await client.score({ contentType: 'application/json', body: '{}' });
    expect(reply).toMatchObject({ status: 200, isCut: true });
    expect(reply.body.length).toBe(8 * 1024 * 1024);
    client.dispose();
  });

  test('that is given up is not waited for, and the server sees that', async () => {
    const slow = createServer().listen(0, '127.0.0.1');
    await once(slow, 'listening');
    onTestFinished(() => void slow.close());
    const client = createScoringClient((slow.address() as AddressInfo).port);
    onTestFinished(() => client.dispose());
    const giveUp = new AbortController();
    const refused = expect(client.score({ contentType: 'application/json', body: '{}' }, giveUp.signal)).rejects.toThrow('Given up');
    const [socket] = (await once(slow, 'connection')) as [Socket];
    giveUp.abort(new Error('Given up'));
    await refused;
    await once(socket.resume(), 'close');
  });

  test('of 100 MB is not sent, and what to do instead is said', async () => {
    const client = createScoringClient(1);
    const body = 'x'.repeat(100 * 1024 * 1024);
    await expect(client.score({ contentType: 'text/csv', body })).rejects.toThrow('The request is larger than 50 MB: use Predict on a File…');
    client.dispose();
  });

  test('to a server that is gone says so', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    free.close();
    const client = createScoringClient(typeof address === 'object' && address !== null ? address.port : 0);
    await expect(client.score({ contentType: 'application/json', body: '{}' })).rejects.toThrow("The model's server does not answer");
    client.dispose();
  });
});
