import * as vscode from 'vscode';

import type { ExperimentId, StoreId } from '../../../schemas/ids.ts';
import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Experiment } from '../experiment.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { checkExperimentName } from '../validation.ts';
import { readExperiments } from '../runs-by-id.ts';
import type { Editing } from './editing.ts';
import { pickStore } from './pick-store.ts';
import { type ExperimentNode, isTreeNode } from './tree-nodes.ts';
import { experimentsOf, readyStores } from './tree-selection.ts';

export interface ExperimentEditingOptions extends Editing {
  readonly register: RegisterCommand;
  readonly reveal: (storeId: StoreId, experimentId: ExperimentId) => Promise<void>;
}

export const registerExperimentEditing = ({ register, reveal, ...editing }: ExperimentEditingOptions): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.createExperiment', (item) => createExperiment(editing.stores, item, reveal)));
  owned.own(register('mlflow.tracking.renameExperiment', (item) => renameExperiment(editing, experimentsOf(item)[0])));
  owned.own(register('mlflow.tracking.deleteExperiments', (clicked, selected) => deleteExperiments(editing, experimentsOf(clicked, selected))));
  owned.own(register('mlflow.tracking.restoreExperiments', () => restoreExperiments(editing)));
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

const renameExperiment = async (editing: Editing, node: ExperimentNode | undefined): Promise<void> => {
  if (node === undefined) return;
  const { connection, experimentId } = node;
  const { name } = await connection.tracking.getExperiment(experimentId);
  const newName = await askName(connection, 'Rename Experiment', name);
  if (newName === undefined || newName === name) return;
  const changed = await changeMany({ ...renaming(editing, { from: name, to: newName }), items: [node] });
  tellChange(changed, `Renamed the experiment to “${lineText(newName, 80)}”.`, renaming(editing, { from: newName, to: name }));
};

/** What somebody else has called it in the meantime stays. */
const renaming = ({ edits }: Editing, { from, to }: { readonly from: string; readonly to: string }) => ({
  title: 'Renaming the experiment',
  preview: edits.preview<ExperimentPointer>((experiment) => ({ ...toEdit(experiment), name: to })),
  change: async ({ connection: { tracking }, experimentId }: ExperimentPointer): Promise<void> => {
    const { name } = await tracking.getExperiment(experimentId);
    if (name !== from) throw new MlflowError('INVALID_STATE', `The experiment has been renamed in the meantime, to “${lineText(name, 80)}”`);
    await tracking.renameExperiment(experimentId, to);
  },
});

type ExperimentPointer = Pick<ExperimentNode, 'connection' | 'experimentId'>;

const toEdit = ({ connection, experimentId }: ExperimentPointer) => ({ kind: 'experiment', storeId: connection.id, experimentId }) as const;

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

const deleteExperiments = async (editing: Editing, nodes: readonly ExperimentNode[]): Promise<void> => {
  const [first] = nodes;
  if (first === undefined) return;
  const [changed, name] = await Promise.all([
    changeMany<ExperimentPointer>({
      title: 'Deleting experiments',
      items: nodes,
      preview: editing.edits.preview<ExperimentPointer>((node) => ({ ...toEdit(node), lifecycleStage: 'deleted' })),
      change: ({ connection, experimentId }) => connection.tracking.deleteExperiment(experimentId),
    }),
    nameOf(first),
  ]);
  const what = nodes.length === 1 ? `the experiment ${name} and its runs` : `${changed.done.length} experiments and their runs`;
  tellChange(changed, `Deleted ${what}.`, restoring(editing));
};

/** Read beside the change: nobody waits for a name. */
const nameOf = async ({ connection, experimentId }: ExperimentPointer): Promise<string> =>
  connection.tracking.getExperiment(experimentId).then(
    ({ name }) => `“${lineText(name, 80)}”`,
    () => experimentId,
  );

/** `experiment`: for views that have not read it. */
type ComingBack = ExperimentPointer & { readonly experiment?: Experiment };

const restoring = ({ edits }: Editing) => ({
  title: 'Restoring experiments',
  preview: edits.preview<ComingBack>(({ experiment, ...pointer }) => ({
    ...toEdit(pointer),
    lifecycleStage: 'active',
    ...(experiment !== undefined && { experiment }),
  })),
  change: ({ connection, experimentId }: ComingBack): Promise<void> => connection.tracking.restoreExperiment(experimentId),
});

interface DeletedItem extends vscode.QuickPickItem {
  readonly connection: StoreConnection;
  readonly experimentId: ExperimentId;
  readonly experiment: Experiment;
}

const restoreExperiments = async (editing: Editing): Promise<void> => {
  const ready = readyStores(editing.stores);
  const lists = await Promise.all(ready.map((connection) => deletedIn(connection, ready.length > 1)));
  if (lists.flat().length === 0) {
    void sayInformation('No experiment is deleted.');
    return;
  }
  const picked = await vscode.window.showQuickPick(lists.flat(), {
    canPickMany: true,
    title: 'Restore Experiments',
    placeHolder: 'Choose deleted experiments',
  });
  const { problem } = await changeMany({ ...restoring(editing), items: picked ?? [] });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

const deletedIn = async (connection: StoreConnection, namesStore: boolean): Promise<readonly DeletedItem[]> =>
  (await readExperiments(connection.tracking, undefined, 'DELETED_ONLY')).map((experiment) => ({
    label: iconSafeText(experiment.name),
    description: namesStore ? iconSafeText(connection.label) : `ID ${experiment.experimentId}`,
    connection,
    experimentId: experiment.experimentId,
    experiment,
  }));
