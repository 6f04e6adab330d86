import type { ComparedRun } from '../../schemas/webview-protocol.ts';
import type { FakeHistory, World } from './fake-host.ts';

const start = Date.UTC(2026, 5, 1, 12);

export const runNamed = (name: string, more: Partial<ComparedRun> = {}): ComparedRun => ({
  storeId: 's',
  runId: `${name}-`.padEnd(32, '0'),
  experimentId: '1',
  experimentName: 'wine-quality',
  name,
  status: 'FINISHED',
  startTime: start,
  endTime: start + 95_000,
  params: {},
  metrics: {},
  tags: {},
  datasets: [],
  ...more,
});

export const historyOf = ({ runId, startTime = start }: ComparedRun, key: string, values: readonly number[], every = 1000): FakeHistory => ({
  runId,
  key,
  steps: values.map((_, at) => at),
  timestamps: values.map((_, at) => startTime + at * every),
  values,
});

const curve = (from: number, to: number, count: number, noise: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => to + (from - to) * Math.exp((-4 * at) / count) + noise * Math.sin(at * 12.9898 + from * 78.233));

const last = (values: readonly number[]): number => values.at(-1) ?? 0;

interface Trained {
  readonly run: ComparedRun;
  readonly histories: readonly FakeHistory[];
}

/** Three runs of a small training, with what differs and what does not. */
const trained = (name: string, rate: number, best: number, more: Partial<ComparedRun> = {}): Trained => {
  const series: Readonly<Record<string, readonly number[]>> = {
    'train/loss': curve(2 + rate, best * 0.8, 100, 0.02),
    'train/accuracy': curve(0.1, 0.98 - best / 4, 100, 0.008),
    'validation/loss': curve(2.1 + rate, best, 20, 0.05),
    rmse: [best],
  };
  const run = runNamed(name, {
    params: { learning_rate: String(rate), epochs: '100', max_depth: rate > 0.05 ? '8' : '6', optimizer: 'adam' },
    metrics: Object.fromEntries(Object.entries(series).map(([key, values]) => [key, last(values)])),
    tags: { team: 'cellar', dataset: 'wine-quality-red', 'mlflow.user': 'ada', 'mlflow.source.name': 'train.py' },
    ...more,
  });
  return { run, histories: Object.entries(series).map(([key, values]) => historyOf(run, key, values)) };
};

const asWorld = (all: readonly Trained[]): World => ({ runs: all.map(({ run }) => run), histories: all.flatMap(({ histories }) => histories) });

export const threeRuns: World = asWorld([
  trained('bold-fox-101', 0.1, 0.62),
  trained('calm-owl-202', 0.01, 0.55),
  trained('keen-elk-303', 0.05, 0.7, { status: 'RUNNING' }),
]);

export const twelveRuns: World = asWorld(Array.from({ length: 12 }, (_, index) => trained(`sweep-${index + 1}`, 0.01 * (index + 1), 0.5 + 0.03 * index)));

/** Two kinds of training, three repetitions each. */
export const seeds: World = asWorld(
  [0.1, 0.01].flatMap((rate) =>
    [1, 2, 3].map((seed) => {
      const { run, histories } = trained(`lr-${rate}-seed-${seed}`, rate, 0.5 + seed * 0.02 + rate);
      return { run: { ...run, params: { ...run.params, seed: String(seed) } }, histories };
    }),
  ),
);

/** A small search: a rate over decades, a depth, a kind; the metric follows from them. */
export const sweep: World = asWorld(
  Array.from({ length: 36 }, (_, index) => {
    const rate = 10 ** (-4 + (index % 6) * 0.6);
    const depth = 2 + (index % 4);
    const best = 0.4 + Math.abs(Math.log10(rate) + 2) * 0.1 + depth * 0.02 + (index % 3) * 0.01;
    const { run, histories } = trained(`trial-${index}`, Number(rate.toPrecision(3)), Number(best.toPrecision(4)));
    return { run: { ...run, params: { ...run.params, max_depth: String(depth), optimizer: ['adam', 'sgd', 'lion'][index % 3] ?? '' } }, histories };
  }),
);
