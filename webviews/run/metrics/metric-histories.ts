import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { readHistories } from '../../shared/histories.ts';
import type { RunPage } from '../page.ts';
import { summarize, type MetricSummary } from './metric-summary.ts';

/** Per bucket two points: as many as a sparkline has room for. */
const buckets = 32;
/** ms between two readings of what grows, so that a run that logs all the time is not read all the time. */
const growthInterval = 1000;

export interface MetricHistories {
  /** By key; none while they are read for the first time. */
  readonly summaries: ReadonlySignal<ReadonlyMap<string, MetricSummary>>;
  readonly failure: ReadonlySignal<string | undefined>;
  /** Reads them all unless that was done; called when somebody looks. */
  need(): void;
  retry(): void;
}

/** The run's histories, down-sampled: all of them in one request when the tab is first looked at, then those that grow. */
export const createMetricHistories = (page: RunPage): MetricHistories => {
  const summaries = signal<ReadonlyMap<string, MetricSummary>>(new Map());
  const failure = signal<string | undefined>(undefined);
  const stale = new Set<string>();
  let known: ReadonlySet<string> = new Set();
  let isNeeded = false;
  let isReading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<void> => {
    if (!isNeeded || isReading || timer !== undefined || stale.size === 0 || failure.peek() !== undefined) return;
    const keys = [...stale];
    stale.clear();
    isReading = true;
    timer = setTimeout(() => ((timer = undefined), void read()), growthInterval);
    try {
      const series = readHistories(await page.host.request('histories', { keys, buckets }));
      summaries.value = new Map([...summaries.peek(), ...series.map((one) => [one.key, summarize(one)] as const)]);
    } catch (error) {
      for (const key of keys) stale.add(key);
      failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      isReading = false;
      void read();
    }
  };

  page.host.on('metricsGrown', (keys) => {
    for (const key of keys) stale.add(key);
    void read();
  });
  // A metric that was not there before, and all of them the first time.
  effect(() => {
    const keys = page.run.value?.metrics.map(({ key }) => key) ?? [];
    for (const key of keys) if (!known.has(key)) stale.add(key);
    known = new Set(keys);
    void read();
  });

  return {
    summaries,
    failure,
    need: () => {
      isNeeded = true;
      void read();
    },
    retry: () => {
      failure.value = undefined;
      void read();
    },
  };
};
