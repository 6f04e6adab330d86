import type * as vscode from 'vscode';
import { LanguageClient, TransportKind, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import type { Disposable } from '../shared/disposables.ts';

/** Files on disk only: VS Code opens copies of them under other schemes, `git:` for example. */
const documentSelector = ['mlproject', 'mlmodel'].map((language) => ({ scheme: 'file', language }));

/** Megabytes; a document that needs more is refused instead of taking the machine down. */
const heapLimit = 512;

export const startLanguageClient = async (serverModule: string, outputChannel: vscode.LogOutputChannel): Promise<Disposable> => {
  const serverOptions: ServerOptions = { module: serverModule, transport: TransportKind.stdio, options: { execArgv: [`--max-old-space-size=${heapLimit}`] } };
  const clientOptions: LanguageClientOptions = { documentSelector, outputChannel };
  const client = new LanguageClient('mlflow', 'MLflow Language Server', serverOptions, clientOptions);
  await client.start();
  return { dispose: () => void client.dispose() };
};
