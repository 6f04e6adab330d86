import * as vscode from 'vscode';

import { readGates } from '../../../schemas/gates.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';

const selector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/.mlflow-workbench/gates.yaml' };

/** What is wrong with a gate file, underlined while it is open. */
export const watchGateFiles = (): Disposable => {
  const owned = new Disposables();
  const found = owned.own(vscode.languages.createDiagnosticCollection('mlflow-gates'));
  const check = (document: vscode.TextDocument): void => {
    if (vscode.languages.match(selector, document) > 0) found.set(document.uri, diagnosticsOf(document));
  };
  owned.own(vscode.workspace.onDidOpenTextDocument(check));
  owned.own(vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)));
  owned.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => found.delete(uri)));
  vscode.workspace.textDocuments.forEach(check);
  return owned;
};

const diagnosticsOf = (document: vscode.TextDocument): readonly vscode.Diagnostic[] =>
  readGates(document.getText()).problems.map(({ message, start, end }) => {
    const diagnostic = new vscode.Diagnostic(new vscode.Range(document.positionAt(start), document.positionAt(end)), message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'MLflow gates';
    return diagnostic;
  });
