import type { RunReference } from '../../host/commands.ts';
import { changeMany, tellChange } from '../../host/change-many.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { RunStatus } from '../run.ts';
import { lastSignOfLife } from '../sign-of-life.ts';
import type { Editing } from './editing.ts';
import { storeOf } from './tree-selection.ts';

/** Ends runs whose program has died without a word, at the last that was heard of them. */
export const markFailed = async (editing: Editing, runs: readonly RunReference[]): Promise<void> => {
  if (runs.length === 0) return;
  const { stores, edits } = editing;
  const showing = (status: RunStatus) => edits.preview<RunReference>((run) => ({ kind: 'run', ...run, status }));
  const marking = { title: 'Marking runs as failed', preview: showing('FAILED') };
  const changed = await changeMany({ ...marking, items: runs, change: async (run) => markOne(editing, run) });
  const message = changed.done.length === 1 ? 'Marked the run as failed.' : `Marked ${changed.done.length} runs as failed.`;
  const takeBack = async (run: RunReference): Promise<void> => void (await storeOf(stores, run).tracking.updateRun({ runId: run.runId, status: 'RUNNING' }));
  tellChange(changed, message, { title: 'Marking runs as running', preview: showing('RUNNING'), change: takeBack });
};

/** What has ended in the meantime stays as it ended. */
const markOne = async ({ stores }: Editing, { runId, ...reference }: RunReference): Promise<void> => {
  const { tracking } = storeOf(stores, { runId, ...reference });
  const run = await tracking.getRun(runId);
  if (run.info.status !== 'RUNNING') throw new MlflowError('INVALID_STATE', `The run has ended: it is ${run.info.status.toLowerCase()}`);
  await tracking.updateRun({ runId, status: 'FAILED', endTime: lastSignOfLife(run) ?? Date.now() });
};
