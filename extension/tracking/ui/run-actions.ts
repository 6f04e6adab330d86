import * as vscode from 'vscode';

import { asRunId } from '../../../schemas/ids.ts';
import type { RunProtocol } from '../../../schemas/run-protocol.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import type { RequestHandlers } from '../../host/page-messages.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnections } from '../store-connection.ts';
import { storeOf } from './tree-selection.ts';

/** What a person can do from the header of a run's page that other parts of the editor do. */
export interface RunActions {
  /** Shows a run in the tree. */
  reveal(run: RunReference): Promise<void>;
  openSource(run: RunReference): Promise<void>;
}

interface Surroundings {
  readonly stores: StoreConnections;
  readonly actions: RunActions;
  /** What is shown is read again. */
  changed(): void;
}

type HeaderRequests = Pick<
  RequestHandlers<RunProtocol>,
  'rename' | 'copy' | 'openRun' | 'openModel' | 'openSource' | 'reveal' | 'compare' | 'restoreRun' | 'readAgain'
>;

export const runRequests = (run: RunReference, { stores, actions, changed }: Surroundings): HeaderRequests => {
  const act = async (work: unknown): Promise<null> => (await work, null);
  return {
    rename: async ({ name }) => act(rename(stores, run, String(name)).then(changed)),
    copy: async ({ text }) => act(vscode.env.clipboard.writeText(String(text))),
    openRun: async ({ runId }) => act(executeCommand('mlflow.tracking.openRun', { run: { storeId: run.storeId, runId: asRunId(String(runId)) } })),
    openModel: async ({ modelUri }) => act(executeCommand('mlflow.models.open', { storeId: run.storeId, modelUri: String(modelUri) })),
    openSource: async () => act(actions.openSource(run)),
    reveal: async () => act(actions.reveal(run)),
    compare: async () => act(executeCommand('mlflow.tracking.compareRuns', { run })),
    restoreRun: async () => act(storeOf(stores, run).tracking.restoreRun(run.runId).then(changed)),
    readAgain: async () => act(changed()),
  };
};

const rename = async (stores: StoreConnections, { storeId, runId }: RunReference, name: string): Promise<void> => {
  if (name.trim() === '') throw new MlflowError('INVALID_PARAMETER_VALUE', 'A run needs a name');
  await storeOf(stores, { storeId, runId }).tracking.updateRun({ runId, runName: name });
};
