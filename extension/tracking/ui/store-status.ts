import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import type { RunCounts } from './run-counts.ts';

/** The status-bar item: the store of the folder at hand, and how many of its runs are going on. */
export class StoreStatus implements Disposable {
  readonly #stores: StoreConnections;
  readonly #counts: RunCounts;
  readonly #owned = new Disposables();
  readonly #item = this.#owned.own(vscode.window.createStatusBarItem('mlflow.store', vscode.StatusBarAlignment.Left, 1));

  constructor(stores: StoreConnections, counts: RunCounts) {
    this.#stores = stores;
    this.#counts = counts;
    this.#item.name = 'MLflow Store';
    this.#item.command = 'mlflow.experiments.focus';
    const show = (): void => this.#show();
    this.#owned.own(stores.onDidChange(show));
    this.#owned.own(counts.onDidChange(show));
    this.#owned.own(vscode.window.onDidChangeActiveTextEditor(show));
    show();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(): void {
    const store = this.#current();
    if (store === undefined) return this.#item.hide();
    const running = this.#counts.running(store.id);
    const runningText = running === 0 ? '' : `${running} ${running === 1 ? 'run is' : 'runs are'} going on`;
    this.#item.text = `$(beaker) ${iconSafeText(store.label, 40)}${running === 0 ? '' : ` $(sync~spin) ${running}`}`;
    this.#item.tooltip = ['MLflow store', addressText(store.address), ...(runningText === '' ? [] : [runningText])].join('\n');
    this.#item.accessibilityInformation = { label: [`MLflow store ${store.label}`, runningText].filter((part) => part !== '').join(', ') };
    this.#item.show();
  }

  /** Of the folder that the active editor is in, or the first there is. */
  #current(): StoreConnection | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const folder = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
    return (folder === undefined ? undefined : this.#stores.activeFor(folder.uri.fsPath)) ?? this.#stores.all[0];
  }
}
