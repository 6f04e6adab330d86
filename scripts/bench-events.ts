/**
 * `npm run bench:events`: how soon a window is told what Python writes, and how soon it has read it over REST, in stores with many older
 * runs: directly into a store's file, through a server of ours, and into an `mlruns/`. `--runs N`, `--rounds N`, `--way file|http|folder`.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { start, userEnvironment } from '../extension/shared/process.ts';
import { silentLogger } from '../extension/shared/logger.ts';
import { fetchClient } from '../extension/shared/rest-client.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { LocalConnection } from '../extension/tracking/local-connection.ts';
import { createRestTrackingStore } from '../extension/tracking/rest-tracking-store.ts';
import { openEvents } from '../extension/tracking/rest-workbench.ts';
import type { TrackingStore } from '../extension/tracking/tracking-store.ts';
import { readRuns } from '../extension/tracking/runs-by-id.ts';
import { asExperimentId, asRunId } from '../schemas/ids.ts';
import type { StoreEvent } from '../schemas/workbench-api.ts';
import { reportFigures, type Figure } from './bench/figures.ts';
import { seedFolder } from './bench/seed-folder.ts';
import { seedRuns } from './bench/seed-runs.ts';
import { startOurs } from './bench/server-programs.ts';
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

/** A store that a window shows. */
interface Scene {
  readonly tracking: TrackingStore;
  /** Resolves once everything that is written is told. */
  readonly listen: (onEvent: (event: StoreEvent) => void) => Promise<void>;
  /** By which Python logs to it. */
  readonly uri: string;
  /** Whether runs that ended long ago are told of as soon as others. */
  readonly tellsOfOldRuns: boolean;
  readonly stop: () => Promise<void> | void;
}

const limit = 250;

const now = (): number => performance.timeOrigin + performance.now();

const experimentId = asExperimentId('0');

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '20' }, way: { type: 'string' } },
});
const [runs, rounds] = [Number(values.runs), Number(values.rounds)];

/** A store of this machine, in the process that a window has for them. */
const openLocal = (kind: 'sqlite' | 'files', path: string, server: ServerProcess): Pick<Scene, 'tracking' | 'listen' | 'stop'> => {
  const connection = new LocalConnection({ kind, path, label: path, log: silentLogger, server });
  const listen = async (onEvent: (event: StoreEvent) => void): Promise<void> => {
    await new Promise<void>((resolve) => connection.onDidChangeState(({ kind: state }) => state === 'ready' && resolve()));
    connection.onDidChange(onEvent);
  };
  return { tracking: connection.tracking, listen, stop: () => connection.dispose() };
};

const openFile = async (folder: string, server: ServerProcess): Promise<Scene> => {
  const path = join(folder, 'mlflow.db');
  await seedRuns(path, runs);
  return { ...openLocal('sqlite', path, server), uri: `sqlite:///${path}`, tellsOfOldRuns: true };
};

const openServer = async (folder: string): Promise<Scene> => {
  await seedRuns(join(folder, 'mlflow.db'), runs);
  const { url, stop } = await startOurs(folder);
  const http = fetchClient(url);
  const end = new AbortController();
  const listen = async (onEvent: (event: StoreEvent) => void): Promise<void> => {
    const events = await openEvents(http, end.signal);
    const follow = async (): Promise<void> => {
      for await (const event of events) onEvent(event);
    };
    // It ends with the server.
    follow().catch(() => undefined);
  };
  const stopAll = async (): Promise<void> => {
    end.abort();
    await stop();
  };
  return { tracking: createRestTrackingStore(http), listen, uri: url, tellsOfOldRuns: true, stop: stopAll };
};

const openFolder = (folder: string, server: ServerProcess): Scene => {
  const path = join(folder, 'mlruns');
  seedFolder(path, runs);
  return { ...openLocal('files', path, server), uri: `file://${path}`, tellsOfOldRuns: false };
};

const ways = { file: openFile, http: openServer, folder: openFolder } as const;

/** Reads what an event names at once, as the views do. */
const watch = async ({ tracking, listen }: Scene): Promise<readonly Sighting[]> => {
  const sightings: Sighting[] = [];
  const see = async (event: StoreEvent): Promise<void> => {
    const told = now();
    const runIds = 'runs' in event ? event.runs.map(({ runId }) => asRunId(runId)) : [];
    if (event.type === 'reset') await tracking.searchRuns({ experimentIds: [experimentId], maxResults: 50 });
    else await readRuns(tracking, { experimentIds: [experimentId], runIds });
    sightings.push({ event, told, read: now() });
  };
  await listen((event) => void see(event));
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

const writeWithPython = async ({ uri, tellsOfOldRuns }: Scene): Promise<readonly Write[]> => {
  const script = join(import.meta.dirname, 'bench', 'direct_writer.py');
  const args = [script, uri, String(rounds), String(tellsOfOldRuns ? runs : 0)];
  const env = { ...userEnvironment(), MLFLOW_ALLOW_FILE_STORE: 'true' };
  const running = await start({ file: pythonOf(await pythonEnvironment()), args, env }, { streams: ['pipe', 'pipe', 'inherit'] });
  if (running.stdout === null) throw new Error('no pipe');
  const writes: Write[] = [];
  for await (const line of createInterface({ input: running.stdout })) {
    if (line === 'ready') running.stdin?.write('\n');
    else writes.push(JSON.parse(line) as Write);
  }
  return writes;
};

const measure = async (way: string, scene: Scene): Promise<readonly Figure[]> => {
  const sightings = await watch(scene);
  const writes = await writeWithPython(scene);
  const kinds = [...Map.groupBy(writes, ({ kind }) => kind)];
  return (['told', 'read'] as const).flatMap((what) =>
    kinds.map(([kind, ofKind]) => ({
      name: `${way}: ${kind} ${what}`,
      unit: 'ms',
      values: ofKind.map((write) => Math.max(0, sightingOf(write, sightings)[what] - write.committed)),
      limit,
    })),
  );
};

const parent = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
// What a window starts is the bundle.
await runQuietly(process.execPath, [join(repository, 'scripts', 'build.ts')], { cwd: repository });
const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
const figures: Figure[] = [];
try {
  for (const [way, open] of Object.entries(ways)) {
    if (values.way !== undefined && values.way !== way) continue;
    console.log(`${way}: filling a store with ${runs} runs …`);
    const folder = join(parent, way);
    await mkdir(folder);
    const scene = await open(folder, server);
    try {
      figures.push(...(await measure(way, scene)));
    } finally {
      await scene.stop();
    }
  }
  await reportFigures('events', figures);
} finally {
  server.dispose();
  await rm(parent, { recursive: true, force: true });
}
