import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayWarning } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { dependentsOfModel, dependentsOfVersion } from '../dependents.ts';
import { registryOf } from '../registry-of.ts';
import { askModelName } from './choose-model.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import { isRegistryNode, type ModelNode, type RegistryNode, type VersionNode } from './registry-nodes.ts';
import type { RegistryTree } from './registry-tree.ts';
import { chooseStore, modelsIn, oneModel, versionsIn } from './selection.ts';

export interface ModelEditing {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly tree: RegistryTree;
  readonly chosen: Chosen;
}

const view = 'mlflow.registry';

export const registerModelEditing = ({ register, stores, tree, chosen }: ModelEditing): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.registry.createModel', (item) => createModel(stores, tree, item)));
  owned.own(register('mlflow.registry.renameModel', (...row) => renameModel(tree, oneModel(chosen(clickedIn(row))))));
  owned.own(register('mlflow.registry.deleteModels', (...row) => deleteModels(modelsIn(chosen(row)))));
  owned.own(register('mlflow.registry.deleteVersions', (...row) => deleteVersions(versionsIn(chosen(row)))));
  return owned;
};

const createModel = async (stores: StoreConnections, tree: RegistryTree, item: unknown): Promise<void> => {
  const connection = isRegistryNode(item) ? item.connection : await chooseStore(stores, 'Create Model');
  if (connection === undefined) return;
  const name = await askModelName(`Create Model in ${connection.label}`);
  if (name === undefined) return;
  await registryOf(connection).createRegisteredModel({ name });
  await tree.reveal(connection.id, name);
};

const renameModel = async (tree: RegistryTree, { connection, name }: ModelNode): Promise<void> => {
  const newName = await vscode.window.showInputBox({
    title: `Rename ${lineText(name, 80)}`,
    value: name,
    prompt: 'Addresses with the old name, such as models:/old/1 in code, stop working',
  });
  if (newName === undefined || newName === name) return;
  const registry = registryOf(connection);
  await registry.renameRegisteredModel(name, newName);
  await tree.reveal(connection.id, newName);
  tellChange({ done: [name] }, `Renamed “${lineText(name, 80)}” to “${lineText(newName, 80)}”.`, {
    title: 'Renaming back',
    view,
    change: async (old) => void (await registry.renameRegisteredModel(newName, old)),
  });
};

const deleteWord = 'Delete';
/** Lines of a dialog, which does not scroll everywhere. */
const mostLines = 12;

/** MLflow removes for good: what depends on it is said before. */
const confirm = async (question: string, dependents: readonly string[]): Promise<boolean> => {
  const shown = dependents.slice(0, mostLines);
  const rest = dependents.length > shown.length ? [`and ${dependents.length - shown.length} more`] : [];
  const detail = [...shown, ...rest, 'MLflow keeps nothing to restore them from. Files and runs stay.'].join('\n');
  return (await sayWarning(question, { modal: true, detail }, deleteWord)) === deleteWord;
};

const deleteModels = async (models: readonly ModelNode[]): Promise<void> => {
  const [first] = models;
  if (first === undefined) return;
  const dependents = await Promise.all(models.map(({ connection, name }) => dependentsOfModel(registryOf(connection), name)));
  const question = models.length === 1 ? `Delete the model “${lineText(first.name, 80)}”?` : `Delete ${models.length} models?`;
  if (!(await confirm(question, dependents.flat()))) return;
  await change('Deleting models', models, ({ connection, name }) => registryOf(connection).deleteRegisteredModel(name));
};

const deleteVersions = async (versions: readonly VersionNode[]): Promise<void> => {
  const [first] = versions;
  if (first === undefined) return;
  const dependents = await Promise.all(versions.map(({ connection, name, version }) => dependentsOfVersion(registryOf(connection), name, version)));
  const question = versions.length === 1 ? `Delete version ${first.version} of “${lineText(first.name, 80)}”?` : `Delete ${versions.length} versions?`;
  if (!(await confirm(question, dependents.flat()))) return;
  await change('Deleting versions', versions, ({ connection, name, version }) => registryOf(connection).deleteModelVersion(name, version));
};

const change = async <Node extends RegistryNode>(title: string, items: readonly Node[], work: (item: Node) => Promise<void>): Promise<void> => {
  const { problem } = await changeMany({ title, view, items, change: work });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};
