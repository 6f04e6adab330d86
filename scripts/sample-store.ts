/**
 * Fills `mlflow.db` of the example: a few runs by really running its entry point, the bulk seeded through
 * the tracking server's REST API with curves from a formula. Does nothing when the store is there.
 */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import type { HttpClient } from '../extension/shared/http.ts';
import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { runQuietly } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

export const sampleWorkspace = join(repository, 'examples', 'wine-quality');

const mainExperiment = 'wine-quality';
const sweepExperiment = 'sweeps/learning-rate';
const epochs = 40;

/** Repeatable numbers between 0 and 1 (mulberry32), so that every sample store shows the same curves. */
const randomNumbers = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

interface SeededRun {
  readonly name: string;
  readonly experimentId: string;
  readonly seed: number;
  readonly learningRate: number;
  readonly alpha: number;
  readonly hiddenUnits: number;
  /** ms since the epoch. */
  readonly startTime: number;
  readonly status: 'FINISHED' | 'FAILED' | 'KILLED';
}

const curves = ({ learningRate, alpha, seed, startTime, status }: SeededRun) => {
  const random = randomNumbers(seed * 7919 + 17);
  const speed = 4 + 9000 * learningRate ** 0.8;
  const floor = 0.02 + 18 * alpha + 0.03 * random();
  const last = status === 'FINISHED' ? epochs : Math.ceil(epochs * (0.2 + 0.4 * random()));
  return Array.from({ length: last }, (_, step) => {
    const noise = (random() - 0.5) * 0.06 * Math.exp(-step / 30);
    const trainLoss = floor + 1.1 * Math.exp((-speed * step) / 400) + noise;
    const validationLoss = trainLoss + 0.03 + 4 * step * learningRate + (random() - 0.5) * 0.02;
    const timestamp = startTime + 220 * (step + 1);
    const metric = (key: string, value: number) => ({ key, value, timestamp, step });
    return [
      metric('train/loss', trainLoss),
      metric('validation/loss', validationLoss),
      metric('train/accuracy', Math.min(1, 1 - trainLoss * 0.35)),
      metric('validation/accuracy', Math.min(1, 1 - validationLoss * 0.38)),
    ];
  }).flat();
};

const mlflow = '/api/2.0/mlflow';

const post = (http: HttpClient, path: string, json: unknown): Promise<Record<string, unknown>> => http.json({ method: 'POST', path: mlflow + path, json });

const seedRun = async (http: HttpClient, seeded: SeededRun): Promise<void> => {
  const { run: created } = (await post(http, '/runs/create', {
    experiment_id: seeded.experimentId,
    user_id: 'sample',
    run_name: seeded.name,
    start_time: seeded.startTime,
    tags: [
      { key: 'seeded', value: 'true' },
      { key: 'mlflow.source.type', value: 'PROJECT' },
      { key: 'mlflow.project.entryPoint', value: 'main' },
    ],
  })) as { run: { info: { run_id: string } } };
  const runId = created.info.run_id;
  const metrics = curves(seeded);
  const params = [
    { key: 'epochs', value: String(epochs) },
    { key: 'learning_rate', value: String(seeded.learningRate) },
    { key: 'alpha', value: String(seeded.alpha) },
    { key: 'hidden_units', value: String(seeded.hiddenUnits) },
    { key: 'batch_size', value: '64' },
    { key: 'noise', value: '0.6' },
    { key: 'seed', value: String(seeded.seed) },
  ];
  await post(http, '/runs/log-batch', { run_id: runId, metrics, params });
  const endTime = (metrics.at(-1)?.timestamp ?? seeded.startTime) + 2_000;
  await post(http, '/runs/update', { run_id: runId, status: seeded.status, end_time: endTime });
};

const minute = 60_000;
const pick = (values: readonly [number, ...number[]], index: number): number => values[index % values.length] ?? values[0];

const statusOf = (index: number): SeededRun['status'] => {
  if (index % 11 === 7) return 'FAILED';
  return index % 13 === 9 ? 'KILLED' : 'FINISHED';
};

const seededRuns = (experimentId: string, prefix: string, count: number, newest: number): readonly SeededRun[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `${prefix}-${String(index + 1).padStart(2, '0')}`,
    experimentId,
    seed: index,
    learningRate: pick([0.00002, 0.00005, 0.0001, 0.0003, 0.001], index),
    alpha: pick([0.0001, 0.001, 0.003], index),
    hiddenUnits: pick([16, 64, 128], Math.floor(index / 5)),
    startTime: newest - (count - index) * 47 * minute,
    status: statusOf(index),
  }));

/** The entry point's `python` is the sample's own. */
const runEntryPoint = async (store: string, runName: string, parameters: readonly string[]): Promise<void> => {
  const python = pythonOf(await pythonEnvironment());
  const options = ['--env-manager', 'local', '--experiment-name', mainExperiment, '--run-name', runName];
  await runQuietly(python, ['-m', 'mlflow', 'run', '.', ...options, ...parameters.flatMap((parameter) => ['-P', parameter])], {
    cwd: sampleWorkspace,
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: `sqlite:///${store}`,
      PATH: `${dirname(python)}${delimiter}${process.env['PATH'] ?? ''}`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
};

const createExperiment = async (http: HttpClient, name: string): Promise<string> => {
  const { experiment_id: id } = (await post(http, '/experiments/create', { name })) as { experiment_id: string };
  return id;
};

const seed = async (store: string): Promise<void> => {
  const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
  try {
    const { http } = await server.openStore({ path: store });
    const { experiment } = (await http.json({
      method: 'GET',
      path: `${mlflow}/experiments/get-by-name`,
      query: { experiment_name: mainExperiment },
    })) as { experiment: { experiment_id: string } };
    const sweep = await createExperiment(http, sweepExperiment);
    const now = Date.now();
    const runs = [...seededRuns(experiment.experiment_id, 'baseline', 16, now - 90 * minute), ...seededRuns(sweep, 'sweep', 24, now - 60 * minute)];
    for (const seeded of runs) await seedRun(http, seeded);
  } finally {
    server.dispose();
  }
};

/** Needs the bundles. Python makes the file, so that it has the revision of the installed mlflow. */
export const fillSampleStore = async (): Promise<void> => {
  const store = join(sampleWorkspace, 'mlflow.db');
  if (existsSync(store)) return;
  console.log('Filling the sample store: three runs that really train a model, and 40 seeded ones (a minute, once) …');
  const unfinished = `${store}.unfinished`;
  for (const leftover of [unfinished, join(sampleWorkspace, 'mlruns')]) await rm(leftover, { recursive: true, force: true });
  await runEntryPoint(unfinished, 'real-default', []);
  await runEntryPoint(unfinished, 'real-wide', ['hidden_units=256', 'epochs=30']);
  await runEntryPoint(unfinished, 'real-fast', ['learning_rate=0.001', 'noise=0.3', 'epochs=30']);
  await seed(unfinished);
  await rename(unfinished, store);
};
