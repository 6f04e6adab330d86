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
import { asExperimentId, asRunId } from '../schemas/ids.ts';
import type { StoreEvent } from '../schemas/workbench-api.ts';
import { reportFigures } from './bench/figures.ts';
import { seedRuns } from './bench/seed-runs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

interface Write {
  readonly kind: 'create' | 'metric' | 'param' | 'tag' | 'old tag' | 'end';
  readonly runId: string;
  readonly key: string;
  /** ms of the wall clock, before the call and after it. */
  readonly started: number;
  readonly committed: number;
}

/** When an event told of a run, and when the run had been read after it. */
interface Sighting {
  /** undefined: of everything. */
  readonly runId: string | undefined;
  /** Of metrics; undefined: of the run itself. */
  readonly keys?: readonly string[];
  readonly told: number;
  readonly read: number;
}

const limit = 250;

const now = (): number => performance.timeOrigin + performance.now();

/** Reads each run as soon as an event names it, as the views do. */
const watch = (connection: LocalConnection): readonly Sighting[] => {
  const sightings: Sighting[] = [];
  const see = async (runId?: string, keys?: readonly string[]): Promise<void> => {
    const told = now();
    if (runId === undefined) await connection.tracking.searchRuns({ experimentIds: [asExperimentId('0')], maxResults: 50 });
    else await connection.tracking.getRun(asRunId(runId));
    sightings.push({ runId, told, read: now(), ...(keys && { keys }) });
  };
  connection.onDidChange((event: StoreEvent) => {
    if (event.type === 'reset') void see();
    if (event.type === 'runs') for (const { runId } of event.runs) void see(runId);
    if (event.type === 'metrics') for (const { runId, keys } of event.runs) void see(runId, keys);
  });
  return sightings;
};

const tellsOf = ({ kind, runId, key }: Write, sighting: Sighting): boolean => {
  if (sighting.runId === undefined) return true;
  return sighting.runId === runId && (kind === 'metric' ? sighting.keys?.includes(key) === true : sighting.keys === undefined);
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
const server = new ServerProcess(join(repository, 'extension', 'server', 'main.ts'), silentLogger);
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
