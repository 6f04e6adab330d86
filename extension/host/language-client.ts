import type * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, TransportKind, type CloseHandlerResult, type ErrorHandler } from 'vscode-languageclient/node';

import { storeChangedNotification, type InitializationOptions } from '../../schemas/lsp-protocol.ts';
import type { Disposable } from '../shared/disposables.ts';
import { errorMessage } from '../shared/errors.ts';
import { languageServerFlags } from '../shared/language-server-flags.ts';
import { toSignal } from './abort.ts';
import type { LanguageAnswers } from './language-answers.ts';
import { openStoreUrisByCommand } from './language-links.ts';
import { documentSelector, hasYamlServer } from './language-documents.ts';
import type { LanguageServerState } from './language-status.ts';

export interface LanguageClientOptions {
  readonly serverModule: string;
  readonly answers: LanguageAnswers;
  readonly log: vscode.LogOutputChannel;
  readonly onState: (state: LanguageServerState) => void;
}

/** Ends of the server within `crashWindow` ms after which it is not started again by itself. */
const maxCrashes = 5;
const crashWindow = 3 * 60_000;

/** The connection to the server's process. Ends that nobody asked for are told, and the server started again. */
export class LanguageServerConnection {
  readonly #client: LanguageClient;
  readonly #options: LanguageClientOptions;
  readonly #following: Disposable;
  #crashes: readonly number[] = [];
  #crashCount = 0;

  constructor(options: LanguageClientOptions) {
    this.#options = options;
    const run = { module: options.serverModule, transport: TransportKind.stdio, options: { execArgv: [...languageServerFlags] } };
    this.#client = new LanguageClient('mlflow', 'MLflow Language Server', run, {
      documentSelector,
      initializationOptions: { answersHostRequests: true, hasYamlServer: hasYamlServer() } satisfies InitializationOptions,
      outputChannel: options.log,
      middleware: { provideDocumentLinks: openStoreUrisByCommand },
      errorHandler: this.#errorHandler(),
    });
    this.#client.onDidChangeState(({ newState }) => this.#show(newState));
    this.#answerRequests();
    this.#following = options.answers.onDidChange(() => this.#tellChange());
  }

  async start(): Promise<void> {
    await this.#client.start();
  }

  /** Also after it was given up. */
  async restart(): Promise<void> {
    this.#crashes = [];
    await (this.#client.isRunning() ? this.#client.restart() : this.#client.start());
  }

  async dispose(): Promise<void> {
    this.#following.dispose();
    await this.#client.dispose();
  }

  #answerRequests(): void {
    for (const { method, answer } of this.#options.answers.answers) {
      this.#client.onRequest(method, async (parameters: unknown, token: vscode.CancellationToken) => {
        try {
          return await answer(parameters, toSignal(token));
        } catch (error) {
          this.#options.log.debug(`${method} was not answered: ${errorMessage(error)}`);
          throw error;
        }
      });
    }
  }

  #tellChange(): void {
    if (this.#client.isRunning()) void this.#client.sendNotification(storeChangedNotification.method);
  }

  #show(state: State): void {
    if (state === State.Starting) this.#options.onState({ kind: 'starting' });
    if (state === State.Running) this.#options.onState({ kind: 'running', crashes: this.#crashCount });
  }

  #errorHandler(): ErrorHandler {
    return {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => this.#closed(),
    };
  }

  #closed(): CloseHandlerResult {
    const now = Date.now();
    this.#crashCount += 1;
    this.#crashes = [...this.#crashes.filter((time) => now - time < crashWindow), now];
    this.#options.log.warn(`The language server ended unexpectedly (${this.#crashCount} times in this window)`);
    if (this.#crashes.length < maxCrashes) return { action: CloseAction.Restart, handled: true };
    this.#options.onState({ kind: 'stopped', reason: `It ended ${maxCrashes} times within three minutes.` });
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
