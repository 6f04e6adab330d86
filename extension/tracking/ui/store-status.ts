import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { followStores } from '../follow-stores.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import { storeAtHand } from '../store-look.ts';
import { type RunCounts, runningText } from './run-counts.ts';

/** The status-bar item: the store of the folder at hand, and how many of its runs count as running. */
export class StoreStatus implements Disposable {
  readonly #stores: StoreConnections;
  readonly #counts: RunCounts;
  readonly #owned = new Disposables();
  readonly #item = this.#owned.own(vscode.window.createStatusBarItem('mlflow.store', vscode.StatusBarAlignment.Left, 1));

  constructor(stores: StoreConnections, counts: RunCounts) {
    this.#stores = stores;
    this.#counts = counts;
    this.#item.name = 'MLflow Store';
    this.#item.command = 'mlflow.tracking.showStores';
    const show = (): void => this.#show();
    this.#owned.own(stores.onDidChange(show));
    this.#owned.own(followStores(stores, (connection) => connection.onDidChangeState(show)));
    this.#owned.own(counts.onDidChange(show));
    this.#owned.own(vscode.window.onDidChangeActiveTextEditor(show));
    show();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(): void {
    const store = this.#current();
    if (store === undefined) return this.#showNone();
    const running = this.#counts.running(store.id);
    const { icon, sentence } = standOf(store, running);
    this.#item.text = ['$(beaker)', iconSafeText(store.label, 40), ...icon].join(' ');
    this.#item.tooltip = ['MLflow store', addressText(store.address), ...sentence].join('\n');
    this.#item.accessibilityInformation = { label: [`MLflow store ${store.label}`, ...sentence].join(', ') };
    this.#item.show();
  }

  /** Of the folder that the active editor is in. */
  #current(): StoreConnection | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return storeAtHand(this.#stores, uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath);
  }

  /** What a file of the workspace calls a server is not said before somebody has agreed to it. */
  #showNone(): void {
    if (this.#stores.all.length === 0) return this.#item.hide();
    this.#item.text = '$(beaker) MLflow $(debug-disconnect)';
    this.#item.tooltip = 'The server that this workspace names is not connected yet';
    this.#item.accessibilityInformation = { label: 'MLflow store, not connected' };
    this.#item.show();
  }
}

/** What is worth saying of a store beside its name: nothing while all is quiet. */
const standOf = ({ state }: StoreConnection, running: number): { readonly icon: readonly string[]; readonly sentence: readonly string[] } => {
  if (state.kind === 'failed') return { icon: ['$(warning)'], sentence: [state.message] };
  if (running === 0) return { icon: [], sentence: [] };
  return { icon: [`$(sync~spin) ${running}`], sentence: [runningText(running)] };
};
