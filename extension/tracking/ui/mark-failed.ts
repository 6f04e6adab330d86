import type { RunReference } from '../../host/commands.ts';
import { changeMany, tellChange } from '../../host/change-many.ts';
import { MlflowError } from '../../shared/errors.ts';
import { lastSignOfLife } from '../sign-of-life.ts';
import type { StoreConnections } from '../store-connection.ts';
import { storeOf } from './tree-selection.ts';

/** Ends runs whose program has died without a word, at the last that was heard of them. */
export const markFailed = async (stores: StoreConnections, runs: readonly RunReference[]): Promise<void> => {
  if (runs.length === 0) return;
  const changed = await changeMany({ title: 'Marking runs as failed', items: runs, change: async (run) => markOne(stores, run) });
  const message = changed.done.length === 1 ? 'Marked the run as failed.' : `Marked ${changed.done.length} runs as failed.`;
  const takeBack = async (run: RunReference): Promise<void> => void (await storeOf(stores, run).tracking.updateRun({ runId: run.runId, status: 'RUNNING' }));
  tellChange(changed, message, { title: 'Marking runs as running', change: takeBack });
};

/** What has ended in the meantime stays as it ended. */
const markOne = async (stores: StoreConnections, { runId, ...reference }: RunReference): Promise<void> => {
  const { tracking } = storeOf(stores, { runId, ...reference });
  const run = await tracking.getRun(runId);
  if (run.info.status !== 'RUNNING') throw new MlflowError('INVALID_STATE', `The run has ended: it is ${run.info.status.toLowerCase()}`);
  await tracking.updateRun({ runId, status: 'FAILED', endTime: lastSignOfLife(run) ?? Date.now() });
};
