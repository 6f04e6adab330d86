import type * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, TransportKind, type CloseHandlerResult, type ErrorHandler } from 'vscode-languageclient/node';

import { documentSelector, hasYamlServer } from './language-documents.ts';
import type { LanguageServerState } from './language-status.ts';

export interface LanguageClientOptions {
  readonly serverModule: string;
  readonly log: vscode.LogOutputChannel;
  readonly onState: (state: LanguageServerState) => void;
}

/** Megabytes; a document that needs more is refused instead of taking the machine down. */
const heapLimit = 512;

/** Ends of the server within `crashWindow` ms after which it is not started again by itself. */
const maxCrashes = 5;
const crashWindow = 3 * 60_000;

/** The connection to the server's process. Ends that nobody asked for are told, and the server started again. */
export class LanguageServerConnection {
  readonly #client: LanguageClient;
  readonly #options: LanguageClientOptions;
  #crashes: readonly number[] = [];
  #crashCount = 0;

  constructor(options: LanguageClientOptions) {
    this.#options = options;
    const run = { module: options.serverModule, transport: TransportKind.stdio, options: { execArgv: [`--max-old-space-size=${heapLimit}`] } };
    this.#client = new LanguageClient('mlflow', 'MLflow Language Server', run, {
      documentSelector,
      initializationOptions: { hasYamlServer: hasYamlServer() },
      outputChannel: options.log,
      errorHandler: this.#errorHandler(),
    });
    this.#client.onDidChangeState(({ newState }) => this.#show(newState));
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
    await this.#client.dispose();
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
