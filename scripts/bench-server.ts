/**
 * `npm run bench:server`: our server beside the released `mlflow server` (one worker, SQLite) on copies of one file, in one run. `--scale 0.1`
 * makes it a tenth of the size; the gates are for the whole one, which takes eleven minutes on two cores. Medians, ratios and JSON in test-results/.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { run as runProgram } from '../extension/shared/process.ts';
import { openFolderSearches } from './bench/server-folder.ts';
import { BenchClient, inTurns, Rivals, rounds, timesOf, warm } from './bench/server-client.ts';
import { startOurs, startPeer, type MeasuredServer } from './bench/server-programs.ts';
import { seedRuns } from './bench/seed-runs.ts';
import { median, reportRows, type BenchRow } from './bench/server-rows.ts';
import { byMetric, measureOwnEndpoints, measureSearches } from './bench/server-searches.ts';
import { seedServerStore, type ServerShape } from './bench/server-store.ts';
import { measureBesideReads, measureWrites } from './bench/server-writes.ts';
import { outputOf, run } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

const { values: options } = parseArgs({ options: { scale: { type: 'string', default: '1' } } });
const scale = Number(options.scale);
const scaled = (size: number): number => Math.max(1, Math.round(size * scale));

const shape: ServerShape = { runs: scaled(10_000), steps: scaled(1000), longSteps: scaled(10_000) };
const calls = scale < 1 ? 30 : 300;
const began = performance.now();
const say = (what: string): void => console.log(`${Math.round((performance.now() - began) / 1000)} s: ${what} …`);
const python = pythonOf(await pythonEnvironment());
process.env['MLFLOW_WORKBENCH_TEST_PYTHON'] ??= python;

/** ms. */
const coldStart = async (folder: string, start: (folder: string) => Promise<MeasuredServer>): Promise<readonly number[]> => {
  const server = await start(folder);
  await server.stop();
  return [server.coldStart];
};

/** Beside this program: connections that wait are closed in the meantime, of which it has to hear before it uses them again. */
const clientTimes = async (script: string, url: string, count: number): Promise<readonly number[]> => {
  const { code, stdout, stderr } = await runProgram({
    file: python,
    args: [join(import.meta.dirname, 'bench', script), url, String(Math.ceil(count / rounds))],
  });
  if (code !== 0) throw new Error(`${script} has failed: ${stderr}`);
  // The client greets the one who runs it first.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as number[];
};

/** S3: the same search in a store that is ten times as large. */
const measureGrowth = async (folder: string, small: readonly number[]): Promise<BenchRow> => {
  const large = join(folder, 'large');
  say(`a store of ${10 * shape.runs} runs`);
  await mkdir(large);
  await seedRuns(join(large, 'mlflow.db'), 10 * shape.runs);
  const server = await startOurs(large);
  const client = new BenchClient(server.url);
  const times = await timesOf(calls, () => client.call(byMetric), warm);
  client.dispose();
  await server.stop();
  return {
    id: 'S3',
    what: `100 by metric: ${10 * shape.runs} runs against ${shape.runs}`,
    unit: '×',
    limit: 2,
    aim: 1.3,
    ours: [median(times) / median(small)],
  };
};

const measureBoth = async (folder: string): Promise<readonly BenchRow[]> => {
  const [ownFolder, peerFolder] = [join(folder, 'ours'), join(folder, 'mlflow')];
  for (const one of [ownFolder, peerFolder]) await mkdir(one);
  say(`filling a store with ${shape.runs} runs`);
  await seedServerStore(join(ownFolder, 'mlflow.db'), shape);
  await copyFile(join(ownFolder, 'mlflow.db'), join(peerFolder, 'mlflow.db'));
  say('starts');
  // Its first start upgrades the file.
  await coldStart(peerFolder, startPeer);
  const starts = await inTurns(scale < 1 ? 1 : 5, { ours: () => coldStart(ownFolder, startOurs), peer: () => coldStart(peerFolder, startPeer) });
  const [own, other] = [await startOurs(ownFolder), await startPeer(peerFolder)];
  const rivals = new Rivals(own, other);
  try {
    say('searches and histories');
    const searches = await measureSearches(rivals, shape, calls);
    say('writes');
    const writes = await measureWrites(rivals, { calls, runs: scaled(1000), seconds: scale < 1 ? 1 : 3 });
    const timesOfClient = (script: string, count: number) =>
      rivals.inTurns({ ours: () => clientTimes(script, own.url, count), peer: () => clientTimes(script, other.url, count) });
    const clients: readonly BenchRow[] = [
      {
        id: 'S10',
        what: 'log_metric of MlflowClient (E14: what logging costs a script)',
        unit: 'ms',
        gate: 4,
        goal: 5,
        ...(await timesOfClient('log_metrics.py', calls)),
      },
      {
        id: 'E14',
        what: 'the same with asynchronous logging, for each until all are stored',
        unit: 'ms',
        ...(await timesOfClient('log_metrics_later.py', scaled(10_000))),
      },
    ];
    say('what is not in the API of MLflow');
    const endpoints = await measureOwnEndpoints(rivals, shape, calls);
    const beside = await measureBesideReads(own.url, calls, shape.longSteps);
    return [
      ...searches,
      await measureGrowth(folder, searches.find(({ id }) => id === 'S2')?.ours ?? []),
      ...writes,
      ...clients,
      { id: 'S15', what: 'cold start', unit: 'ms', gate: 25, goal: 40, ...starts },
      { id: 'S16', what: 'memory of its processes after all that', unit: 'MB', gate: 4, goal: 5, ours: [own.memory()], peer: [other.memory()] },
      ...beside,
      ...endpoints,
    ];
  } finally {
    rivals.dispose();
    await Promise.all([own.stop(), other.stop()]);
  }
};

await run('node', [join(repository, 'scripts', 'build.ts')], { cwd: repository });
const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
try {
  const rows = await measureBoth(folder);
  say(`a folder of ${shape.runs} runs`);
  const ofFolder = await openFolderSearches(folder, shape.runs, python);
  const order = (id: string): number => (/^[SE]\d+$/.test(id) ? Number(id.slice(1)) : 100);
  const mlflow = outputOf(python, ['-c', 'import mlflow; print(mlflow.__version__)'])?.trim() ?? '';
  await reportRows(
    [...rows, ...ofFolder].toSorted((a, b) => order(a.id) - order(b.id)),
    { scale, mlflow },
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
