import * as vscode from 'vscode';

import { type Disposable, Disposables } from '../shared/disposables.ts';
import { errorMessage } from '../shared/errors.ts';

const languages = ['mlproject', 'mlmodel'];

/** Starts the language server with the first file that it is for; its client is loaded no earlier. */
export const serveLanguageFiles = (serverModule: string, log: vscode.LogOutputChannel): Disposable => {
  const owned = new Disposables();
  let hasStarted = false;
  const start = async (): Promise<void> => {
    hasStarted = true;
    try {
      const { startLanguageClient } = await import('./language-client.ts');
      owned.own(await startLanguageClient(serverModule, log));
    } catch (error) {
      log.error(`The language server does not start: ${errorMessage(error)}`);
    }
  };
  const startFor = (document: vscode.TextDocument): void => {
    if (!hasStarted && document.uri.scheme === 'file' && languages.includes(document.languageId)) void start();
  };
  owned.own(vscode.workspace.onDidOpenTextDocument(startFor));
  vscode.workspace.textDocuments.forEach(startFor);
  return owned;
};
