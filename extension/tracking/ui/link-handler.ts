import * as vscode from 'vscode';

import { executeCommand, type RegisterCommand, type RunReference } from '../../host/commands.ts';
import { sayWarning } from '../../host/messages.ts';
import { runsOf } from '../../host/run-items.ts';
import type { ReportError } from '../../host/report-error.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { readDeepLink, writeDeepLink } from '../deep-link.ts';
import { readStoreAddress } from '../store-address.ts';
import { addressText, awaitsAgreement, type StoreConnection } from '../store-connection.ts';
import { whenOpened } from '../when-opened.ts';
import type { ExperimentsTree } from './experiments-tree.ts';
import type { WindowStores } from './store-connections.ts';
import { addToSettings, pickFolder } from './store-settings.ts';
import { isTreeNode } from './tree-nodes.ts';
import { storeOf } from './tree-selection.ts';

export interface LinksOptions {
  readonly register: RegisterCommand;
  readonly reportError: ReportError;
  readonly stores: WindowStores;
  readonly tree: ExperimentsTree;
  openRun(run: RunReference): Promise<void>;
}

/** `vscode://mlflow-workbench.mlflow-workbench/run?store=…&id=…`, followed and copied. */
export const registerLinks = (options: LinksOptions): Disposable => {
  const { register, reportError, stores } = options;
  const owned = new Disposables();
  const handleUri = (uri: vscode.Uri): void => void follow(uri, options).catch(reportError);
  owned.own(vscode.window.registerUriHandler({ handleUri }));
  owned.own(register('mlflow.tracking.copyLink', (item) => vscode.env.clipboard.writeText(linkTo(item, stores))));
  return owned;
};

const follow = async (uri: vscode.Uri, { stores, tree, openRun }: LinksOptions): Promise<void> => {
  const link = readDeepLink(uri.path, uri.query);
  if (!vscode.workspace.isTrusted) throw new MlflowError('PERMISSION_DENIED', 'This workspace is not trusted: trust it, and open the link again');
  await stores.found;
  const store = await storeOfLink(addressText(readStoreAddress(link.store, '')), stores);
  if (store === undefined) return;
  await whenOpened(store);
  if (store.state.kind === 'failed') throw new MlflowError('INVALID_STATE', `${store.label} cannot be opened: ${store.state.message}`);
  if (link.kind === 'experiment') return tree.revealExperiment(store.id, link.experimentId);
  const run = { storeId: store.id, runId: link.runId };
  await tree.revealRun(run);
  await openRun(run);
};

/** Whoever wrote the link chose the store: nothing new is opened, and no server asked, before the person agrees. */
const storeOfLink = async (address: string, stores: WindowStores): Promise<StoreConnection | undefined> => {
  const known = stores.byAddress(address);
  if (known === undefined) return (await addStore(address, stores)) ? stores.byAddress(address) : undefined;
  if (!awaitsAgreement(known)) return known;
  await executeCommand('mlflow.tracking.connectStore', { kind: 'store', connection: known });
  return awaitsAgreement(known) ? undefined : known;
};

const addStore = async (address: string, stores: WindowStores): Promise<boolean> => {
  const folder = await pickFolder('Open the store of the link in');
  if (folder === undefined) return false;
  const detail = `A link asks for it. It becomes a store of ${folder.name}, whose experiments and runs are read.`;
  const chosen = await sayWarning(`Open ${address}?`, { modal: true, detail }, 'Open');
  if (chosen !== 'Open') return false;
  await addToSettings(folder, address);
  await stores.search();
  return true;
};

const linkTo = (item: unknown, stores: WindowStores): string => {
  const scheme = vscode.env.uriScheme;
  const [run] = runsOf(item) ?? [];
  if (run !== undefined) return writeDeepLink(scheme, { kind: 'run', store: addressText(storeOf(stores, run).address), runId: run.runId });
  if (!isTreeNode(item) || item.kind !== 'experiment') throw new MlflowError('INVALID_STATE', 'Choose a run or an experiment to copy a link to');
  return writeDeepLink(scheme, { kind: 'experiment', store: addressText(item.connection.address), experimentId: item.experimentId });
};
