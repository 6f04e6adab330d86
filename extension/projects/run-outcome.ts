import type { RunId } from '../../schemas/ids.ts';
import { isTerminated } from '../tracking/run.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import type { EndedState, ExecutionPlan, Outcome } from './run-folder.ts';

/** Why a run failed before its command ran, or unseen: MLflow has no place for it. */
export const failureTag = 'mlflow-workbench.failure';

/**
 * Sets the run's final status. As in MLflow the exit code decides, also over what the script has set: its
 * check for runs that have ended already never holds. Where no exit code is known the script's word stands.
 */
export const recordEnd = async (store: TrackingStore, runId: RunId, end: RunEnd): Promise<void> => {
  const { outcome, endTime } = end;
  const { info } = await store.getRun(runId);
  if (isTerminated(info.status) && !isExitKnown(end, Number(info.endTime ?? 0))) return;
  if (outcome.status === 'FAILED' && outcome.at !== 'command') await store.setTag(runId, { key: failureTag, value: outcome.reason });
  await store.updateRun({ runId, status: outcome.status, endTime });
};

export type RunEnd = Omit<EndedState, 'phase' | 'recorded'>;

/**
 * The end that a run has in its store, unless that came later than this moment (ms): what ends a run whose supervisor
 * is missed may still write there.
 */
const endInStore = async (store: TrackingStore, runId: RunId, moment: number): Promise<RunEnd | undefined> => {
  const { info, tags } = await store.getRun(runId);
  const endTime = Number(info.endTime ?? 0);
  if (!isTerminated(info.status) || endTime > moment) return undefined;
  if (info.status !== 'FAILED') return { outcome: { status: info.status === 'KILLED' ? 'KILLED' : 'FINISHED' }, endTime };
  const reason = tags.find(({ key }) => key === failureTag)?.value ?? 'Its store says so; why could not be kept';
  return { outcome: { status: 'FAILED', at: 'command', reason }, endTime };
};

/** A script that is interrupted ends its run too, as if by itself; being asked to stop came first then. */
const isExitKnown = ({ outcome, stopTime }: RunEnd, endedByScript: number): boolean => {
  switch (outcome.status) {
    case 'FINISHED':
      return true;
    case 'FAILED':
      return outcome.at === 'command';
    case 'KILLED':
      return stopTime !== undefined && endedByScript >= stopTime;
    default:
      return outcome satisfies never;
  }
};

/** Asks a run's store, as long as that is open and answers. */
export const readEndIn =
  (trackingOf: (address: StoreAddress) => TrackingStore | undefined) =>
  async ({ store, runId }: ExecutionPlan, moment: number): Promise<RunEnd | undefined> => {
    const tracking = trackingOf(store);
    return tracking === undefined ? undefined : await endInStore(tracking, runId, moment).catch(() => undefined);
  };

/** The last line of a run's output, in MLflow's words. */
export const endLine = (runId: RunId, outcome: Outcome): string => {
  switch (outcome.status) {
    case 'FINISHED':
      return `=== Run (ID '${runId}') succeeded ===`;
    case 'FAILED':
      return `=== Run (ID '${runId}') failed: ${outcome.reason} ===`;
    case 'KILLED':
      return `=== Run (ID '${runId}') stopped ===`;
    default:
      return outcome satisfies never;
  }
};
