import type { TrackingStore } from './tracking-store.ts';

/** Runs of a real training as a file keeps them: times are ms since the start of their run. */
export interface RecordedRuns {
  readonly experiment: string;
  readonly runs: readonly RecordedRun[];
}

export interface RecordedRun {
  readonly name: string;
  /** ms. */
  readonly duration: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Points are [time, step, value]. */
  readonly metrics: Readonly<Record<string, readonly (readonly [number, number, number])[]>>;
}

/** ms between the starts of two runs. */
const distance = 10 * 60_000;

/** Logs recorded runs into a new experiment, as if the last of them had just ended. */
export const logRecordedRuns = async (tracking: TrackingStore, { experiment, runs }: RecordedRuns, now: number): Promise<void> => {
  const experimentId = await tracking.createExperiment({ name: experiment });
  for (const [index, run] of runs.entries()) {
    const startTime = now - run.duration - (runs.length - 1 - index) * distance;
    const { info } = await tracking.createRun({ experimentId, runName: run.name, startTime, tags: toPairs(run.tags) });
    const metrics = Object.entries(run.metrics).flatMap(([key, points]) =>
      points.map(([time, step, value]) => ({ key, value, step, timestamp: startTime + time })),
    );
    await tracking.logBatch({ runId: info.runId, metrics, params: toPairs(run.params) });
    await tracking.updateRun({ runId: info.runId, status: 'FINISHED', endTime: startTime + run.duration });
  }
};

const toPairs = (record: Readonly<Record<string, string>>): readonly { readonly key: string; readonly value: string }[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }));
