import * as vscode from 'vscode';

import type { Disposable } from '../shared/disposables.ts';

export type LanguageServerState =
  | { readonly kind: 'starting' }
  /** `crashes`: how often it has ended by itself since the window was opened. */
  | { readonly kind: 'running'; readonly crashes: number }
  | { readonly kind: 'stopped'; readonly reason: string };

/** The language server, as the status of its files tells: `{ }` in the status bar. */
export class LanguageStatus implements Disposable {
  readonly #item: vscode.LanguageStatusItem;

  constructor(selector: vscode.DocumentSelector) {
    this.#item = vscode.languages.createLanguageStatusItem('mlflow.languageServer', selector);
    this.#item.name = 'MLflow language server';
    this.show({ kind: 'starting' });
  }

  show(state: LanguageServerState): void {
    this.#item.busy = state.kind === 'starting';
    this.#item.severity = severityOf(state);
    this.#item.text = textOf(state);
    this.#item.detail = state.kind === 'stopped' ? state.reason : '';
    this.#item.command = { command: 'mlflow.restartLanguageServer', title: state.kind === 'stopped' ? 'Start' : 'Restart' };
  }

  dispose(): void {
    this.#item.dispose();
  }
}

const severityOf = (state: LanguageServerState): vscode.LanguageStatusSeverity => {
  if (state.kind === 'stopped') return vscode.LanguageStatusSeverity.Error;
  const hasCrashed = state.kind === 'running' && state.crashes > 0;
  return hasCrashed ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
};

const textOf = (state: LanguageServerState): string => {
  switch (state.kind) {
    case 'starting':
      return 'MLflow: language server is starting';
    case 'running':
      return state.crashes === 0 ? 'MLflow: language server is running' : `MLflow: language server is running again, after ${times(state.crashes)}`;
    case 'stopped':
      return 'MLflow: language server has stopped';
    default:
      return state satisfies never;
  }
};

const times = (crashes: number): string => (crashes === 1 ? 'a crash' : `${crashes} crashes`);
