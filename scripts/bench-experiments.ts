/**
 * `npm run bench:experiments`: how soon the tree and the runs table of a large store are there, how the table scrolls, what the host is held
 * up by, and how large everything is. `--runs N` of the store, `--rows N` and `--keys N` of the table in the browser.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { openDatabase } from '../extension/server/database.ts';
import { silentLogger } from '../extension/shared/logger.ts';
import { identify } from '../extension/shared/process-tree.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { LocalConnection } from '../extension/tracking/local-connection.ts';
import { SqliteTrackingStore } from '../extension/tracking/sqlite-tracking-store.ts';
import { readRows } from '../extension/tracking/read-run-rows.ts';
import { Favourites } from '../extension/tracking/ui/favourites.ts';
import { StoreBranch } from '../extension/tracking/ui/store-branch.ts';
import { mergeEvents } from '../extension/tracking/ui/store-changes.ts';
import type { TreeNode } from '../extension/tracking/ui/tree-nodes.ts';
import type { StoreEvent } from '../schemas/workbench-api.ts';
import type { RunsQuery } from '../schemas/runs-protocol.ts';
import { measureActivation } from './bench/activation.ts';
import { measurePage } from './bench/experiments-page.ts';
import { reportFigures, type Figure } from './bench/figures.ts';
import { seedRuns } from './bench/seed-runs.ts';
import { vsixPath } from './package.ts';
import { runQuietly } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, rows: { type: 'string', default: '100000' }, keys: { type: 'string', default: '500' } },
});

const rounds = 10;
/** ms; 60 frames a second: one that is missed takes 33 ms. */
const frameLimit = 25;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const before = performance.now();
  await work();
  return performance.now() - before;
};

const repeated = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timed(work));
  return times;
};

const whenReady = async (connection: LocalConnection): Promise<void> => {
  if (connection.state.kind === 'ready') return;
  await new Promise<void>((resolve) => connection.onDidChangeState(({ kind }) => kind === 'ready' && resolve()));
};

const newBranch = (connection: LocalConnection): StoreBranch =>
  new StoreBranch(connection, new Favourites({ get: (_, nothing) => nothing, update: async () => {} }));

/** What the view shows first: experiments, and the newest runs of one. */
const readTree = async (connection: LocalConnection, branch = newBranch(connection)): Promise<readonly TreeNode[]> => {
  const [experiment] = (await branch.children(branch.root)) ?? [];
  if (experiment === undefined) throw new Error('The tree is empty');
  const runs = await branch.children(experiment);
  if (runs.length < 50) throw new Error(`The tree has ${runs.length} runs`);
  return runs;
};

/** From a metric that another program logs into the file until the row of its run has been read again. */
const followMetrics = async (connection: LocalConnection, path: string): Promise<readonly number[]> => {
  const branch = newBranch(connection);
  const [row] = await readTree(connection, branch);
  if (row?.kind !== 'run') throw new Error('The tree has no run');
  const other = openDatabase(path);
  const writer = new SqliteTrackingStore(other, { artifactRoot: folder });
  const times: number[] = [];
  for (let step = 0; step < rounds; step++) {
    const { promise: told, resolve } = Promise.withResolvers<StoreEvent>();
    const subscription = connection.onDidChange((event) => event.type === 'metrics' && resolve(event));
    await writer.logMetric(row.runId, { key: 'rmse', value: step, timestamp: Date.now(), step });
    times.push(await timed(async () => void (await branch.apply(mergeEvents([await told])))));
    subscription.dispose();
  }
  other.dispose();
  return times;
};

const query: RunsQuery = {
  filter: '',
  deleted: false,
  nesting: 'all',
  orderBy: ['metrics.rmse DESC'],
  columns: ['attributes.status', 'attributes.start_time', 'attributes.duration', 'tags.`mlflow.user`', 'metrics.rmse', 'metrics.`train/loss`', 'params.alpha'],
};

const newServer = (): ServerProcess => new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger, join(folder, 'compiled'));

/** Any window that was opened before leaves its server compiled. */
const openOnce = async (path: string): Promise<void> => {
  const server = newServer();
  const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
  await whenReady(connection);
  await readTree(connection);
  const pid = server.state.kind === 'running' ? server.state.pid : -1;
  connection.dispose();
  server.dispose();
  while ((await identify(pid)) !== undefined) await delay(20);
};

const measureStore = async (path: string): Promise<readonly Figure[]> => {
  const server = newServer();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const heapBefore = process.memoryUsage().heapUsed;
  const started = performance.now();
  const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
  try {
    await whenReady(connection);
    await readTree(connection);
    const cold = performance.now() - started;
    delays.enable();
    const place = { store: connection, experimentIds: ['0'] };
    const page = async (filter: string): Promise<unknown> => readRows(place, { query: { ...query, filter }, offset: 0, limit: 100 });
    const warm = await repeated(() => readTree(connection));
    const opened = await repeated(() => page(''));
    const filtered = await repeated(() => page('metrics.rmse > 0.05 AND metrics.`train/loss` < 0.09'));
    delays.disable();
    // What it writes is not the host's work.
    const live = await followMetrics(connection, path);
    return [
      { name: 'tree, first rows, cold (E2)', unit: 'ms', values: [cold], limit: 350 },
      { name: 'tree, first rows, warm (E3)', unit: 'ms', values: warm, limit: 100 },
      { name: 'table, first page by a metric (E4)', unit: 'ms', values: opened, limit: 200 },
      { name: 'filter to rows', unit: 'ms', values: filtered, limit: 400 },
      { name: 'a metric of another program to its row', unit: 'ms', values: live, limit: 250 },
      { name: 'longest block of the host with a store of this size (E11)', unit: 'ms', values: [delays.max / 1e6], limit: 50 },
      { name: 'heap added to the host (E12)', unit: 'MB', values: [(process.memoryUsage().heapUsed - heapBefore) / 1e6], limit: 40 },
    ];
  } finally {
    connection.dispose();
    server.dispose();
  }
};

const megabytes = async (file: string): Promise<number> => (await stat(file)).size / 1e6;

/** Of what is packed, and of what VS Code loads before anything else (E13). */
const measureSizes = async (): Promise<readonly Figure[]> => [
  { name: 'VSIX (E13)', unit: 'MB', values: [await megabytes(vsixPath())], limit: 4 },
  { name: 'entry bundle (E13)', unit: 'MB', values: [await megabytes(join(repository, 'dist', 'extension.cjs'))], limit: 0.1 },
];

// What a window starts is the bundle.
await runQuietly(process.execPath, [join(repository, 'scripts', 'package.ts')], { cwd: repository });
process.env['MLFLOW_WORKBENCH_TEST_PYTHON'] ??= pythonOf(await pythonEnvironment());
const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
try {
  const path = join(folder, 'mlflow.db');
  console.log('Opening windows …');
  const activation = await measureActivation(5);
  console.log(`Filling a store with ${values.runs} runs …`);
  await seedRuns(path, Number(values.runs));
  await openOnce(path);
  const ofStore = await measureStore(path);
  console.log(`Scrolling a table of ${values.rows} runs with ${values.keys} keys …`);
  const { open, frames, lines, memory } = await measurePage(Number(values.rows), Number(values.keys));
  await reportFigures('experiments', [
    { name: 'activation: loading the code, and activate() (E1)', unit: 'ms', values: activation.times, limit: 50 },
    { name: 'longest block of the host while all is loaded and made (E11)', unit: 'ms', values: activation.blocks, limit: 50 },
    ...ofStore,
    { name: 'table in the page, first rows', unit: 'ms', values: open, limit: 200 },
    { name: 'frame while it scrolls (E5)', unit: 'ms', values: frames, limit: frameLimit },
    { name: 'rows in the document', unit: '', values: lines, limit: 60 },
    { name: 'heap of the page and its test host', unit: 'MB', values: memory, limit: 150 },
    ...(await measureSizes()),
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
