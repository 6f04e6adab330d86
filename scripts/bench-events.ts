/**
 * `npm run bench:events`: how soon a window is told what Python writes directly into a store's file, and how
 * soon it has read it over REST, in a store with many older runs. `--runs N`, `--rounds N`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { start } from '../extension/shared/process.ts';
import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { LocalConnection } from '../extension/tracking/local-connection.ts';
import { readRuns } from '../extension/tracking/ui/run-queries.ts';
import { asExperimentId, asRunId } from '../schemas/ids.ts';
import type { StoreEvent } from '../schemas/workbench-api.ts';
import { reportFigures } from './bench/figures.ts';
import { seedRuns } from './bench/seed-runs.ts';
import { runQuietly } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

interface Write {
  readonly kind: 'create' | 'metric' | 'param' | 'tag' | 'old tag' | 'end';
  readonly runId: string;
  readonly key: string;
  /** ms of the wall clock, before the call and after it. */
  readonly started: number;
  readonly committed: number;
}

/** What an event named, when it came, and when the runs that it named had been read. */
interface Sighting {
  readonly event: StoreEvent;
  readonly told: number;
  readonly read: number;
}

const limit = 250;

const now = (): number => performance.timeOrigin + performance.now();

const experimentId = asExperimentId('0');

/** Reads what an event names at once, as the views do. */
const watch = (connection: LocalConnection): readonly Sighting[] => {
  const sightings: Sighting[] = [];
  const see = async (event: StoreEvent): Promise<void> => {
    const told = now();
    const runIds = 'runs' in event ? event.runs.map(({ runId }) => asRunId(runId)) : [];
    if (event.type === 'reset') await connection.tracking.searchRuns({ experimentIds: [experimentId], maxResults: 50 });
    else await readRuns(connection.tracking, [experimentId], runIds);
    sightings.push({ event, told, read: now() });
  };
  connection.onDidChange((event) => void see(event));
  return sightings;
};

const tellsOf = ({ kind, runId, key }: Write, { event }: Sighting): boolean => {
  if (event.type === 'reset') return true;
  if (event.type === 'metrics') return kind === 'metric' && event.runs.some((run) => run.runId === runId && run.keys.includes(key));
  return event.type === 'runs' && kind !== 'metric' && event.runs.some((run) => run.runId === runId);
};

const sightingOf = (write: Write, sightings: readonly Sighting[]): Sighting => {
  const sighting = sightings.find((candidate) => candidate.told >= write.started && tellsOf(write, candidate));
  if (sighting === undefined) throw new Error(`Never told: ${JSON.stringify(write)}`);
  return sighting;
};

const whenReady = (connection: LocalConnection): Promise<void> =>
  new Promise((resolve) => connection.onDidChangeState(({ kind }) => kind === 'ready' && resolve()));

const writeWithPython = async (path: string, rounds: number): Promise<readonly Write[]> => {
  const script = join(import.meta.dirname, 'bench', 'direct_writer.py');
  const python = pythonOf(await pythonEnvironment());
  const running = await start({ file: python, args: [script, `sqlite:///${path}`, String(rounds)] }, { streams: ['pipe', 'pipe', 'inherit'] });
  if (running.stdout === null) throw new Error('no pipe');
  const writes: Write[] = [];
  for await (const line of createInterface({ input: running.stdout })) {
    if (line === 'ready') running.stdin?.write('\n');
    else writes.push(JSON.parse(line) as Write);
  }
  return writes;
};

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '20' } } });
const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
const path = join(folder, 'mlflow.db');
console.log(`Filling a store with ${values.runs} runs …`);
await seedRuns(path, Number(values.runs));
// What a window starts is the bundle.
await runQuietly(process.execPath, [join(repository, 'scripts', 'build.ts')], { cwd: repository });
const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
try {
  await whenReady(connection);
  const sightings = watch(connection);
  const writes = await writeWithPython(path, Number(values.rounds));
  const kinds = [...Map.groupBy(writes, ({ kind }) => kind)];
  const figuresOf = (what: 'told' | 'read', limitOf: number) =>
    kinds.map(([kind, ofKind]) => ({
      name: `${kind} ${what}`,
      unit: 'ms',
      values: ofKind.map((write) => Math.max(0, sightingOf(write, sightings)[what] - write.committed)),
      limit: limitOf,
    }));
  await reportFigures('events', [...figuresOf('told', limit), ...figuresOf('read', limit)]);
} finally {
  connection.dispose();
  server.dispose();
  await rm(folder, { recursive: true, force: true });
}
