import * as vscode from 'vscode';

import { mostBytesPerRead, type ArtifactBytes } from '../../../schemas/run-artifacts-protocol.ts';
import { servingManagers, type ScoringReply, type ScoringRequest, type ServeProtocol } from '../../../schemas/serve-page.ts';
import { executeCommand } from '../../host/commands.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { ByteRange } from '../../shared/http.ts';
import { followFile, type FollowedFile } from '../../shared/follow-file.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { LogTail } from '../log-tail.ts';
import { readModelInput } from '../model-input.ts';
import type { ModelServer } from '../model-server.ts';
import { createScoringClient, type ScoringClient } from '../scoring-client.ts';
import type { ServingRequest } from '../serving-folder.ts';
import { readModelReference } from '../model-reference.ts';
import type { RowSource } from '../row-source.ts';
import { chooseRows } from './choose-rows.ts';
import type { ModelInterpreters } from './model-interpreters.ts';
import { openModel } from './open-model.ts';
import { requireTrust } from './serve-model.ts';
import type { ServedModel } from './served-model.ts';
import type { ServedModels } from './served-models.ts';

export interface ServeSessionOptions {
  readonly stores: StoreConnections;
  readonly interpreters: ModelInterpreters;
  readonly served: ServedModels;
  readonly log: Logger;
}

/** What VS Code keeps of a page. */
export interface ServePageState {
  /** Of the server, while there is one. */
  readonly id: string;
  readonly request: ServingRequest;
  /** The page's own: opaque to the host. */
  readonly view?: unknown;
}

/** One page: what it shows, and what its buttons do. */
export class ServeSession implements Disposable {
  readonly #page: Page<ServeProtocol>;
  readonly #model: ServedModel;
  readonly #options: ServeSessionOptions;
  readonly #owned = new Disposables();
  readonly #disposal = new AbortController();
  #view: unknown;
  #followed: { readonly server: ModelServer; readonly file: FollowedFile } | undefined;
  /** The file that was chosen last: no other is read for the page. */
  #rows: RowSource | undefined;
  #client: { readonly port: number; readonly client: ScoringClient } | undefined;

  constructor(page: Page<ServeProtocol>, model: ServedModel, view: unknown, options: ServeSessionOptions) {
    this.#page = page;
    this.#model = model;
    this.#view = view;
    this.#options = options;
    this.#owned.own(model.onDidChangeState(() => this.#onChanged()));
  }

  get behaviour(): PageBehaviour<ServeProtocol> {
    return {
      requests: {
        score: async (asked, signal) => await this.#score(asked, signal),
        stop: async () => this.#done(() => this.#options.served.stop(this.#model)),
        restart: async () => await this.#restart(),
        keep: async ({ isKept }) => this.#done(() => this.#model.keep(isKept)),
        install: async () => await this.#install(),
        openLog: async () => await this.#openLog(),
        openModel: async () => {
          await executeCommand('mlflow.models.open', this.#model.request.model);
          return null;
        },
        copy: async ({ text }) => {
          await vscode.env.clipboard.writeText(text);
          return null;
        },
        chooseRows: async () => await this.#chooseRows(),
        readRows: async (range, signal) => await this.#readRows(range, signal),
      },
      onReady: () => void this.#show(),
      onState: (view) => {
        this.#view = view;
        this.#keep();
      },
    };
  }

  dispose(): void {
    this.#disposal.abort();
    this.#owned.dispose();
    this.#followed?.file.dispose();
    this.#client?.client.dispose();
  }

  #done(work: () => void): null {
    work();
    return null;
  }

  async #restart(): Promise<null> {
    requireTrust();
    await this.#options.served.start(this.#model);
    return null;
  }

  async #install(): Promise<null> {
    requireTrust();
    const { modelState, request } = this.#model;
    const name = modelState.kind === 'failed' ? modelState.missingPackage : undefined;
    if (name === undefined) return null;
    const isInstalled = await this.#options.interpreters.install([name], request.interpreter, request.workspaceFolder);
    if (!isInstalled) throw new MlflowError('INVALID_STATE', `${name} was not installed: its terminal says why.`);
    return await this.#restart();
  }

  async #openLog(): Promise<null> {
    const file = this.#model.server?.folder.outputFile;
    if (file !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
    return null;
  }

  async #chooseRows(): Promise<{ readonly name: string } | null> {
    const model = await openModel(this.#model.request.model, this.#options.stores, this.#disposal.signal).catch(() => undefined);
    const chosen = await chooseRows(model);
    this.#rows = chosen ?? this.#rows;
    return chosen === undefined ? null : { name: chosen.name };
  }

  async #readRows({ start, end }: ByteRange, signal: AbortSignal): Promise<ArtifactBytes> {
    const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start < end && end - start <= mostBytesPerRead;
    if (this.#rows === undefined || !isRange) throw new MlflowError('INVALID_PARAMETER_VALUE', 'No file was chosen to take rows from');
    return await this.#rows.read({ start, end }, signal);
  }

  async #score(asked: ScoringRequest, signal: AbortSignal): Promise<ScoringReply> {
    const { port } = this.#model;
    if (port === undefined) throw new MlflowError('INVALID_STATE', 'The model is not served at the moment: start it first.');
    if (this.#client?.port !== port) {
      this.#client?.client.dispose();
      this.#client = { port, client: createScoringClient(port) };
    }
    return await this.#client.client.score(asked, signal);
  }

  async #show(): Promise<void> {
    this.#page.send('restore', this.#view);
    this.#onChanged();
    this.#page.send('input', await this.#readInput());
  }

  async #readInput() {
    try {
      const { files } = await openModel(this.#model.request.model, this.#options.stores, this.#disposal.signal);
      if (files !== undefined) return await readModelInput(files, this.#disposal.signal);
      return { isFromTypeHints: false, notes: ['The files of this model are read by MLflow only: nothing is known of its input.'] };
    } catch (error) {
      return { isFromTypeHints: false, notes: [`Nothing is known of the model's input: ${errorMessage(error)}`] };
    }
  }

  #onChanged(): void {
    this.#page.send('page', this.#model.page);
    this.#followLog();
    this.#keep();
  }

  #keep(): void {
    const id = this.#model.server?.plan.id ?? this.#model.id;
    this.#page.keep({ id, request: this.#model.request, view: this.#view } satisfies ServePageState);
  }

  #followLog(): void {
    const { server } = this.#model;
    if (server === undefined || server === this.#followed?.server) return;
    this.#followed?.file.dispose();
    const tail = new LogTail();
    const file = followFile(server.folder.outputFile, {
      onData: (chunk) => this.#page.send('log', tail.push(chunk)),
      onSkipped: () => {},
    });
    this.#followed = { server, file };
  }
}

/** What VS Code kept may be of an older version, or nothing. */
export const readServeState = (state: unknown): ServePageState | undefined => {
  if (typeof state !== 'object' || state === null || !('id' in state) || typeof state.id !== 'string' || !('request' in state)) return undefined;
  const request = readRequest(state.request);
  return request === undefined ? undefined : { id: state.id, request, ...('view' in state && { view: state.view }) };
};

const readRequest = (value: unknown): ServingRequest | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const text = (name: string): string | undefined => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'string' ? found : undefined;
  };
  const model = readModelReference(Reflect.get(value, 'model'));
  const [label, modelUri, interpreter, workspaceFolder] = ['label', 'modelUri', 'interpreter', 'workspaceFolder'].map(text);
  const manager = servingManagers.find((known) => known === text('manager'));
  const variables: unknown = Reflect.get(value, 'variables');
  if (model === undefined || label === undefined || modelUri === undefined || interpreter === undefined || workspaceFolder === undefined) return undefined;
  if (manager === undefined || !Array.isArray(variables) || !variables.every((name) => typeof name === 'string')) return undefined;
  return { model, label, modelUri, interpreter, workspaceFolder, manager, variables };
};
