import type { RunId } from '../../schemas/ids.ts';
import { isTerminated } from '../tracking/run.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import type { EndedState } from './run-folder.ts';

/** Why a run failed before its command ran, or unseen: MLflow has no place for it. */
export const failureTag = 'mlflow-workbench.failure';

/**
 * Sets the run's final status, as MLflow does: a run that its script has ended keeps the script's word.
 * A script that is interrupted ends its run too, as if by itself; asking to stop came first then.
 */
export const recordEnd = async (store: TrackingStore, runId: RunId, { outcome, endTime, stopTime }: Omit<EndedState, 'phase' | 'recorded'>): Promise<void> => {
  const { info } = await store.getRun(runId);
  const endedByScript = isTerminated(info.status) && !(outcome.status === 'KILLED' && stopTime !== undefined && (info.endTime ?? 0) >= stopTime);
  if (endedByScript) return;
  if (outcome.status === 'FAILED' && outcome.at !== 'command') await store.setTag(runId, { key: failureTag, value: outcome.reason });
  await store.updateRun({ runId, status: outcome.status, endTime });
};
