import * as vscode from 'vscode';

import { formatBytes } from '../../../schemas/format.ts';
import { asRunId } from '../../../schemas/ids.ts';
import type { PermanentDeletionReply, PermanentDeletionRequest } from '../../../schemas/workbench-api.ts';
import { toSignal } from '../../host/abort.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation, sayWarning } from '../../host/messages.ts';
import type { Disposable } from '../../shared/disposables.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { deletionDetail, deletionSummary, listed } from './deletion-text.ts';
import { pickStore } from './pick-store.ts';
import { readExperiments, readRuns } from '../runs-by-id.ts';
import { isTreeNode } from './tree-nodes.ts';
import { readyStores } from './tree-selection.ts';

type Deletable = StoreConnection & Required<Pick<StoreConnection, 'deletePermanently'>>;

const isDeletable = (connection: StoreConnection): connection is Deletable => connection.deletePermanently !== undefined;

export const registerPermanentDeletion = (register: RegisterCommand, stores: StoreConnections): Disposable =>
  register('mlflow.tracking.deletePermanently', async (item) => {
    const connection = isTreeNode(item) ? item.connection : await pickStore(readyStores(stores).filter(isDeletable), 'Delete Permanently');
    if (connection !== undefined && isDeletable(connection)) await deleteFrom(connection);
  });

const remove = 'Delete Permanently';

/** What was listed goes, and nothing that was deleted meanwhile. */
const deleteFrom = async (connection: Deletable): Promise<void> => {
  const plan = await ask(connection, { dryRun: true }, 'Looking for what is deleted');
  if (plan.experimentIds.length + plan.runIds.length + plan.modelIds.length === 0) {
    void sayInformation(`Nothing in ${lineText(connection.label)} is deleted.`);
    return;
  }
  const message = `Delete ${deletionSummary(plan)} from ${lineText(connection.label)} for ever?`;
  const detail = `${await describe(connection, plan)}\n\nThis cannot be undone.`;
  if ((await sayWarning(message, { modal: true, detail }, remove)) !== remove) return;
  const { experimentIds, runIds, modelIds } = plan;
  const gone = await ask(connection, { experimentIds, runIds, modelIds }, 'Deleting permanently');
  void sayInformation(`Deleted ${deletionSummary(gone)} and freed ${formatBytes(gone.bytes)}.`);
};

const ask = (connection: Deletable, request: PermanentDeletionRequest, title: string): Thenable<PermanentDeletionReply> =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) =>
    connection.deletePermanently(request, toSignal(token)),
  );

const describe = async ({ tracking }: Deletable, plan: PermanentDeletionReply): Promise<string> => {
  const experiments = await readExperiments(tracking, undefined, 'ALL');
  const experimentIds = experiments.map(({ experimentId }) => experimentId);
  const runs = await readRuns(tracking, { experimentIds, runIds: plan.runIds.slice(0, listed).map(asRunId), viewType: 'DELETED_ONLY' });
  return deletionDetail(plan, {
    experiments: new Map(experiments.map(({ experimentId, name }) => [experimentId, name])),
    runs: new Map(runs.map(({ info }) => [info.runId, info.runName])),
  });
};
