import * as vscode from 'vscode';

import { Disposables, type Disposable } from '../shared/disposables.ts';
import { errorMessage } from '../shared/errors.ts';
import { executeCommand, type RegisterCommand } from './commands.ts';
import type { LanguageAnswers } from './language-answers.ts';
import type { LanguageServerConnection } from './language-client.ts';
import { documentSelector, isLanguageDocument } from './language-documents.ts';
import { LanguageStatus, type LanguageServerState } from './language-status.ts';
import { sayError } from './messages.ts';

export interface LanguageFilesOptions {
  readonly serverModule: string;
  readonly register: RegisterCommand;
  readonly answers: LanguageAnswers;
  readonly log: vscode.LogOutputChannel;
}

/** Starts the language server with the first file that it is for; its client is loaded no earlier. */
export class LanguageFiles implements Disposable {
  readonly #options: LanguageFilesOptions;
  readonly #owned = new Disposables();
  readonly #status = this.#owned.own(new LanguageStatus(documentSelector));
  #connection: Promise<LanguageServerConnection> | undefined;

  constructor(options: LanguageFilesOptions) {
    this.#options = options;
    this.#owned.own(options.register('mlflow.restartLanguageServer', () => this.#restart()));
    this.#owned.own(vscode.workspace.onDidOpenTextDocument((document) => this.#startFor(document)));
    for (const document of vscode.workspace.textDocuments) this.#startFor(document);
  }

  dispose(): void {
    void this.#connection?.then((connection) => connection.dispose()).catch((error: unknown) => this.#options.log.debug(errorMessage(error)));
    this.#owned.dispose();
  }

  #startFor(document: vscode.TextDocument): void {
    if (this.#connection === undefined && isLanguageDocument(document)) void this.#start();
  }

  async #start(): Promise<void> {
    this.#connection = this.#connect();
    try {
      await (await this.#connection).start();
    } catch (error) {
      this.#show({ kind: 'stopped', reason: errorMessage(error) });
      this.#options.log.error(`The language server does not start: ${errorMessage(error)}`);
    }
  }

  async #connect(): Promise<LanguageServerConnection> {
    const { serverModule, answers, log } = this.#options;
    const { LanguageServerConnection: Connection } = await import('./language-client.ts');
    return new Connection({ serverModule, answers, log, onState: (state) => this.#show(state) });
  }

  async #restart(): Promise<void> {
    if (this.#connection === undefined) await this.#start();
    else await (await this.#connection).restart();
  }

  #show(state: LanguageServerState): void {
    this.#status.show(state);
    if (state.kind === 'stopped') void this.#tell(state.reason);
  }

  async #tell(reason: string): Promise<void> {
    const [restart, showLog] = ['Start Again', 'Show Log'];
    const chosen = await sayError(`The MLflow language server has stopped. ${reason}`, restart, showLog);
    if (chosen === restart) await executeCommand('mlflow.restartLanguageServer');
    if (chosen === showLog) await executeCommand('mlflow.showLog');
  }
}
