import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { asExperimentId, asRunId } from '../../../schemas/ids.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';

/** Several events of one store as one: what has to be read again. */
export interface StoreChanges {
  readonly reset: boolean;
  readonly experiments: boolean;
  /** Runs that changed themselves, with their experiments. */
  readonly runs: ReadonlyMap<RunId, ExperimentId>;
  /** Runs whose metrics grew. */
  readonly metrics: ReadonlyMap<RunId, ExperimentId>;
}

export const mergeEvents = (events: readonly StoreEvent[]): StoreChanges => {
  const runs = new Map<RunId, ExperimentId>();
  const metrics = new Map<RunId, ExperimentId>();
  for (const event of events) {
    if (event.type === 'runs') for (const run of event.runs) runs.set(asRunId(run.runId), asExperimentId(run.experimentId));
    if (event.type === 'metrics') for (const run of event.runs) metrics.set(asRunId(run.runId), asExperimentId(run.experimentId));
  }
  const has = (type: StoreEvent['type']): boolean => events.some((event) => event.type === type);
  return { reset: has('reset'), experiments: has('experiments'), runs, metrics };
};
