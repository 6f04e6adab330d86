import * as vscode from 'vscode';

import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';

const selector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/.mlflow-workbench/gates.yaml' };

/** What is wrong with a gate file, underlined while it is open. */
export const watchGateFiles = (log: Logger): Disposable => {
  const owned = new Disposables();
  const found = owned.own(vscode.languages.createDiagnosticCollection('mlflow-gates'));
  const check = (document: vscode.TextDocument): void => {
    if (vscode.languages.match(selector, document) === 0) return;
    diagnosticsOf(document).then(
      (diagnostics) => found.set(document.uri, document.isClosed ? [] : diagnostics),
      (error: unknown) => log.error(errorMessage(error)),
    );
  };
  owned.own(vscode.workspace.onDidOpenTextDocument(check));
  owned.own(vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)));
  owned.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => found.delete(uri)));
  vscode.workspace.textDocuments.forEach(check);
  return owned;
};

const diagnosticsOf = async (document: vscode.TextDocument): Promise<readonly vscode.Diagnostic[]> => {
  const { readGates } = await import('../../../schemas/gates.ts');
  return readGates(document.getText()).problems.map(({ message, start, end }) => {
    const diagnostic = new vscode.Diagnostic(new vscode.Range(document.positionAt(start), document.positionAt(end)), message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'MLflow gates';
    return diagnostic;
  });
};
