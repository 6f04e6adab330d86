import { asRunId } from '../../../schemas/ids.ts';
import type { RunProtocol } from '../../../schemas/run-protocol.ts';
import type { RunReference } from '../../host/commands.ts';
import type { RequestHandlers } from '../../host/page-messages.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Editing } from './editing.ts';
import { storeOf } from './tree-selection.ts';

/** What a person can do from the header of a run's page that needs the editor. */
export interface RunActions {
  /** Shows a run in the tree. */
  reveal(run: RunReference): Promise<void>;
  openRun(run: RunReference): Promise<void>;
  openModel(model: { readonly storeId: RunReference['storeId']; readonly modelUri: string }): Promise<void>;
  openSource(run: RunReference): Promise<void>;
  compare(run: RunReference): Promise<void>;
  copy(text: string): Promise<void>;
}

interface Surroundings extends Editing {
  readonly actions: RunActions;
  /** What is shown is read again. */
  changed(): void;
}

type HeaderRequests = Pick<
  RequestHandlers<RunProtocol>,
  'rename' | 'copy' | 'openRun' | 'openModel' | 'openSource' | 'reveal' | 'compare' | 'restoreRun' | 'readAgain'
>;

/** Answers the header of a run's page. */
export const runRequests = (run: RunReference, { actions, changed, ...editing }: Surroundings): HeaderRequests => {
  const { storeId } = run;
  const act = async (work: unknown): Promise<null> => (await work, null);
  return {
    rename: async ({ name }) => act(rename(editing, run, String(name)).then(changed)),
    copy: async ({ text }) => act(actions.copy(String(text))),
    openRun: async ({ runId }) => act(actions.openRun({ storeId, runId: asRunId(String(runId)) })),
    openModel: async ({ modelUri }) => act(actions.openModel({ storeId, modelUri: String(modelUri) })),
    openSource: async () => act(actions.openSource(run)),
    reveal: async () => act(actions.reveal(run)),
    compare: async () => act(actions.compare(run)),
    restoreRun: async () => act(restore(editing, run).then(changed)),
    readAgain: async () => act(changed()),
  };
};

const rename = async ({ stores, edits }: Editing, run: RunReference, runName: string): Promise<void> => {
  if (runName.trim() === '') throw new MlflowError('INVALID_PARAMETER_VALUE', 'A run needs a name');
  const { tracking } = storeOf(stores, run);
  await edits.during({ kind: 'run', ...run, name: runName }, () => tracking.updateRun({ runId: run.runId, runName }));
};

const restore = async ({ stores, edits }: Editing, run: RunReference): Promise<void> => {
  const { tracking } = storeOf(stores, run);
  await edits.during({ kind: 'run', ...run, lifecycleStage: 'active' }, () => tracking.restoreRun(run.runId));
};
