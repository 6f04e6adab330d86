import * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { modelOrders, type ModelOrder } from '../search/models-query.ts';
import { isRegistryNode } from './registry-nodes.ts';
import type { RegistryTree } from './registry-tree.ts';

/** What changes the view and nothing in a store. */
export const registerViewCommands = (register: RegisterCommand, tree: RegistryTree): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.registry.refresh', () => tree.refresh()));
  owned.own(register('mlflow.registry.showMore', (item) => isRegistryNode(item) && item.kind === 'more' && tree.showMore(item)));
  owned.own(register('mlflow.registry.searchModels', () => askSearch(tree)));
  owned.own(register('mlflow.registry.clearSearch', () => tree.show({ search: '' })));
  owned.own(register('mlflow.registry.sortModels', () => askOrder(tree)));
  owned.own(register('mlflow.registry.copyUri', (item) => copyUri(item)));
  return owned;
};

const askSearch = async (tree: RegistryTree): Promise<void> => {
  const search = await vscode.window.showInputBox({
    title: 'Search Models',
    value: tree.view.search,
    prompt: "A part of the name, or MLflow's search language",
    placeHolder: "wine, or: tags.team = 'tasting' AND name LIKE 'wine%'",
  });
  if (search !== undefined) tree.show({ search: search.trim() });
  if (search !== undefined) await vscode.commands.executeCommand('mlflow.registry.focus');
};

const orderLabels: Readonly<Record<ModelOrder, string>> = { name: 'Name', updated: 'Newest change first', versions: 'Most versions first' };

const askOrder = async (tree: RegistryTree): Promise<void> => {
  const items = modelOrders.map((order) => ({ label: orderLabels[order], description: order === tree.view.order ? 'now' : '', order }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Sort Models', placeHolder: 'Sort by' });
  if (picked !== undefined) tree.show({ order: picked.order });
};

/** What `mlflow.pyfunc.load_model` takes. */
const copyUri = async (item: unknown): Promise<void> => {
  if (!isRegistryNode(item)) return;
  if (item.kind === 'version') await vscode.env.clipboard.writeText(item.modelUri);
  if (item.kind === 'model') await vscode.env.clipboard.writeText(`models:/${item.name}`);
};
