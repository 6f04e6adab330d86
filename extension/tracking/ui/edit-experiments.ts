import * as vscode from 'vscode';

import type { ExperimentId, StoreId } from '../../../schemas/ids.ts';
import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Experiment } from '../experiment.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { checkExperimentName } from '../validation.ts';
import { pickStore } from './pick-store.ts';
import { readExperiments } from './run-queries.ts';
import { type ExperimentNode, isTreeNode } from './tree-nodes.ts';
import { experimentsOf, readyStores } from './tree-selection.ts';

export interface ExperimentEditingOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly reveal: (storeId: StoreId, experimentId: ExperimentId) => Promise<void>;
}

export const registerExperimentEditing = ({ register, stores, reveal }: ExperimentEditingOptions): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.createExperiment', (item) => createExperiment(stores, item, reveal)));
  owned.own(register('mlflow.tracking.renameExperiment', (item) => renameExperiment(experimentsOf(item)[0])));
  owned.own(register('mlflow.tracking.deleteExperiments', (clicked, selected) => deleteExperiments(experimentsOf(clicked, selected))));
  owned.own(register('mlflow.tracking.restoreExperiments', () => restoreExperiments(stores)));
  return owned;
};

const createExperiment = async (stores: StoreConnections, item: unknown, reveal: ExperimentEditingOptions['reveal']): Promise<void> => {
  const connection = isTreeNode(item) ? item.connection : await pickStore(readyStores(stores), 'Create Experiment');
  if (connection === undefined) return;
  const prefix = isTreeNode(item) && item.kind === 'folder' ? `${item.path}/` : '';
  const name = await askName(connection, 'Create Experiment', prefix);
  if (name === undefined) return;
  const experimentId = await connection.tracking.createExperiment({ name });
  await reveal(connection.id, experimentId);
};

const renameExperiment = async (node: ExperimentNode | undefined): Promise<void> => {
  if (node === undefined) return;
  const { connection, experimentId } = node;
  const { name } = await connection.tracking.getExperiment(experimentId);
  const newName = await askName(connection, 'Rename Experiment', name);
  if (newName !== undefined && newName !== name) await connection.tracking.renameExperiment(experimentId, newName);
};

/** A name that is free in the store; those of deleted experiments are taken, too. */
const askName = async ({ tracking, label }: StoreConnection, title: string, value: string): Promise<string | undefined> => {
  const [active, deleted] = await Promise.all([readExperiments(tracking), readExperiments(tracking, undefined, 'DELETED_ONLY')]);
  const taken = new Map([...active, ...deleted].map((experiment) => [experiment.name, experiment.lifecycleStage]));
  return await vscode.window.showInputBox({
    title: `${title} in ${label}`,
    prompt: 'Names with / are shown in folders',
    value,
    validateInput: (name) => (name === value ? undefined : problemOf(name, taken)),
  });
};

const problemOf = (name: string, taken: ReadonlyMap<string, Experiment['lifecycleStage']>): string | undefined => {
  try {
    checkExperimentName(name);
  } catch (error) {
    return name === '' ? 'An experiment needs a name' : errorMessage(error);
  }
  const stage = taken.get(name);
  if (stage === undefined) return undefined;
  return stage === 'deleted' ? 'A deleted experiment has this name: restore it, or delete it permanently' : 'An experiment of this name exists already';
};

const deleteExperiments = async (nodes: readonly ExperimentNode[]): Promise<void> => {
  const [first] = nodes;
  if (first === undefined) return;
  const { name } = await first.connection.tracking.getExperiment(first.experimentId);
  const changed = await changeMany({
    title: 'Deleting experiments',
    items: nodes,
    change: ({ connection, experimentId }) => connection.tracking.deleteExperiment(experimentId),
  });
  const what = nodes.length === 1 ? `the experiment “${lineText(name, 80)}” and its runs` : `${changed.done.length} experiments and their runs`;
  tellChange(changed, `Deleted ${what}.`, restoring);
};

const restoring = {
  title: 'Restoring experiments',
  change: ({ connection, experimentId }: Pick<ExperimentNode, 'connection' | 'experimentId'>) => connection.tracking.restoreExperiment(experimentId),
};

interface DeletedItem extends vscode.QuickPickItem {
  readonly connection: StoreConnection;
  readonly experimentId: ExperimentId;
}

const restoreExperiments = async (stores: StoreConnections): Promise<void> => {
  const ready = readyStores(stores);
  const lists = await Promise.all(ready.map((connection) => deletedIn(connection, ready.length > 1)));
  if (lists.flat().length === 0) {
    void vscode.window.showInformationMessage('No experiment is deleted.');
    return;
  }
  const picked = await vscode.window.showQuickPick(lists.flat(), {
    canPickMany: true,
    title: 'Restore Experiments',
    placeHolder: 'Choose deleted experiments',
  });
  const { problem } = await changeMany({ ...restoring, items: picked ?? [] });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

const deletedIn = async (connection: StoreConnection, namesStore: boolean): Promise<readonly DeletedItem[]> =>
  (await readExperiments(connection.tracking, undefined, 'DELETED_ONLY')).map(({ experimentId, name }) => ({
    label: iconSafeText(name),
    description: namesStore ? iconSafeText(connection.label) : `ID ${experimentId}`,
    connection,
    experimentId,
  }));
