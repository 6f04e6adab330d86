import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { ChangedRun, MetricRow } from './appended-rows.ts';

export const toRunsEvent = (runs: readonly ChangedRun[]): readonly StoreEvent[] => {
  if (runs.length === 0) return [];
  return [{ type: 'runs', runs: [...new Map(runs.map((run) => [run.runId, run])).values()] }];
};

export const toMetricsEvent = (rows: readonly MetricRow[]): readonly StoreEvent[] => {
  if (rows.length === 0) return [];
  const runs = [...Map.groupBy(rows, (row) => row.runId).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ runId: first.runId, experimentId: first.experimentId, keys: [first.key, ...others.map((row) => row.key)] }],
  );
  return [{ type: 'metrics', runs }];
};

/** One event for each kind, in the order they were found. */
export const mergeEvents = (events: readonly StoreEvent[]): readonly StoreEvent[] => {
  if (events.some((event) => event.type === 'reset')) return [{ type: 'reset' }];
  const runs = events.flatMap((event) => (event.type === 'runs' ? event.runs : []));
  return [
    ...events.filter((event) => event.type === 'experiments'),
    ...toRunsEvent(runs),
    ...events.filter((event) => event.type === 'metrics' || event.type === 'registry'),
  ];
};
