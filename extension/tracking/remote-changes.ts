import { isDeepStrictEqual } from 'node:util';

import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Experiment } from './experiment.ts';
import type { Run } from './run.ts';
import type { TrackingStore } from './tracking-store.ts';

/** Experiments that changed last, and of each kind of run the newest: as much as a person looks at. */
const mostExperiments = 100;
const mostRuns = 50;

interface Sight {
  readonly experiments: readonly Experiment[];
  readonly runs: ReadonlyMap<RunId, Run>;
}

/** A plain MLflow server tells nothing by itself: what has changed is found by asking, and comparing with the answer before. */
export class RemoteChanges {
  readonly #tracking: TrackingStore;
  #before: Sight | undefined;

  constructor(tracking: TrackingStore) {
    this.#tracking = tracking;
  }

  /** What has changed since the last look; nothing at the first one. */
  async look(signal?: AbortSignal): Promise<readonly StoreEvent[]> {
    const before = this.#before;
    const now = await this.#read(signal);
    this.#before = now;
    return before === undefined ? [] : differences(before, now);
  }

  async #read(signal?: AbortSignal): Promise<Sight> {
    const search = { maxResults: mostExperiments, orderBy: ['last_update_time DESC'] };
    const { items: experiments } = await this.#tracking.searchExperiments(search, signal);
    const experimentIds = experiments.map(({ experimentId }) => experimentId);
    if (experimentIds.length === 0) return { experiments, runs: new Map() };
    const [newest, running] = await Promise.all([
      this.#searchRuns(experimentIds, '', signal),
      this.#searchRuns(experimentIds, "attributes.status = 'RUNNING'", signal),
    ]);
    return { experiments, runs: new Map([...newest, ...running].map((run) => [run.info.runId, run])) };
  }

  async #searchRuns(experimentIds: readonly ExperimentId[], filter: string, signal?: AbortSignal): Promise<readonly Run[]> {
    return (await this.#tracking.searchRuns({ experimentIds, filter, orderBy: ['attributes.start_time DESC'], maxResults: mostRuns }, signal)).items;
  }
}

const differences = (before: Sight, now: Sight): readonly StoreEvent[] => {
  const changed = [...now.runs.values()].filter((run) => !isDeepStrictEqual(withoutMetrics(before.runs.get(run.info.runId)), withoutMetrics(run)));
  const gone = [...before.runs.values()].filter(({ info }) => !now.runs.has(info.runId));
  const runs = [...changed, ...gone].map(({ info }) => ({ runId: info.runId, experimentId: info.experimentId }));
  const metrics = [...now.runs.values()].flatMap((run) => changedMetrics(before.runs.get(run.info.runId), run));
  const sameExperiments = isDeepStrictEqual(before.experiments, now.experiments);
  return [
    ...(sameExperiments ? [] : [{ type: 'experiments' } as const]),
    ...(runs.length === 0 ? [] : [{ type: 'runs', runs } as const]),
    ...(metrics.length === 0 ? [] : [{ type: 'metrics', runs: metrics } as const]),
  ];
};

const withoutMetrics = (run: Run | undefined): object => ({ ...run, latestMetrics: [] });

const changedMetrics = (before: Run | undefined, { info, latestMetrics }: Run): readonly { runId: string; experimentId: string; keys: readonly string[] }[] => {
  const known = new Map(before?.latestMetrics.map((metric) => [metric.key, metric]));
  const keys = latestMetrics.filter((metric) => !isDeepStrictEqual(known.get(metric.key), metric)).map(({ key }) => key);
  return keys.length === 0 ? [] : [{ runId: info.runId, experimentId: info.experimentId, keys }];
};
