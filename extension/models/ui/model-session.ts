import { join } from 'node:path';
import * as vscode from 'vscode';

import { asRunId } from '../../../schemas/ids.ts';
import type { EnvironmentCheck, ModelProtocol, ModelSurroundings } from '../../../schemas/model-page.ts';
import { executeCommand } from '../../host/commands.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { versionUri } from '../../registry/model-uri.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { describeModel } from '../describe-model.ts';
import { isInside } from '../model-files.ts';
import type { ModelReference } from '../model-reference.ts';
import { checkEnvironment, readOrigin } from '../model-surroundings.ts';
import { findVersionOf } from '../store-model-files.ts';
import { copySnippetOf } from './copy-snippet.ts';
import type { ModelInterpreters } from './model-interpreters.ts';
import { openModel, type OpenModel } from './open-model.ts';
import { VersionSession } from './version-session.ts';

export interface ModelSessionOptions {
  readonly stores: StoreConnections;
  readonly interpreters: ModelInterpreters;
  readonly log: Logger;
}

/** One page: what it shows, and what its buttons do. Nothing of the model runs. */
export class ModelSession implements Disposable {
  readonly #page: Page<ModelProtocol>;
  readonly #reference: ModelReference;
  readonly #options: ModelSessionOptions;
  readonly #owned = new Disposables();
  readonly #disposal = new AbortController();
  #opened: Promise<OpenModel> | undefined;
  /** Of a registered version. */
  #version: VersionSession | undefined;

  constructor(page: Page<ModelProtocol>, reference: ModelReference, options: ModelSessionOptions) {
    this.#page = page;
    this.#reference = reference;
    this.#options = options;
  }

  get behaviour(): PageBehaviour<ModelProtocol> {
    return {
      requests: {
        serve: async ({ chooses }) => await this.#run(chooses ? 'mlflow.models.serveWith' : 'mlflow.models.serve'),
        openFile: async ({ path }) => await this.#openFile(path),
        openVersion: async ({ name, version }) => {
          const { store } = await this.#open();
          if (store !== undefined) await executeCommand('mlflow.models.open', { storeId: store.id, modelUri: versionUri(name, version) });
          return null;
        },
        openRun: async ({ runId }) => {
          const { store } = await this.#open();
          if (store !== undefined) await executeCommand('mlflow.tracking.openRun', { run: { storeId: store.id, runId: asRunId(runId) } });
          return null;
        },
        copySnippet: async () => {
          await copySnippetOf(await this.#open());
          return null;
        },
        copy: async ({ text }) => await copyText(text),
      },
      onReady: () => void this.#show(),
      onState: () => {},
    };
  }

  dispose(): void {
    this.#disposal.abort();
    this.#owned.dispose();
  }

  async #run(command: 'mlflow.models.serve' | 'mlflow.models.serveWith'): Promise<null> {
    await executeCommand(command, this.#reference);
    return null;
  }

  async #open(): Promise<OpenModel> {
    this.#opened ??= this.#openOnce();
    return await this.#opened;
  }

  async #openOnce(): Promise<OpenModel> {
    const model = await openModel(this.#reference, this.#options.stores, this.#disposal.signal);
    const folder = model.files?.folder;
    if (folder !== undefined) this.#watch(folder);
    if (model.origin?.version !== undefined) this.#version ??= this.#followVersion(model);
    return model;
  }

  #watch(folder: string): void {
    const watcher = this.#owned.own(
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '{MLmodel,requirements.txt}')),
    );
    const again = (): void => void this.#show();
    this.#owned.own(watcher.onDidChange(again));
    this.#owned.own(watcher.onDidCreate(again));
    this.#owned.own(watcher.onDidDelete(again));
  }

  #followVersion({ store, reference: { modelUri } }: OpenModel): VersionSession | undefined {
    if (store === undefined) return undefined;
    const find = (signal: AbortSignal) => findVersionOf(store, modelUri, signal);
    const onMoved = (): void => {
      this.#opened = undefined;
      void this.#show();
    };
    return this.#owned.own(new VersionSession({ page: this.#page, store, find, onMoved, log: this.#options.log }));
  }

  async #show(): Promise<void> {
    const { signal } = this.#disposal;
    this.#page.keep(this.#reference);
    try {
      const model = await this.#open();
      // A version is shown, whatever has become of its files.
      await Promise.all([this.#showVersion(model), this.#showModel(model)]);
    } catch (error) {
      if (signal.aborted) return;
      this.#opened = undefined;
      this.#page.send('failed', { message: errorMessage(error) });
    }
  }

  async #showVersion({ origin }: OpenModel): Promise<void> {
    if (origin?.version !== undefined) await this.#version?.show(origin.version);
  }

  async #showModel(model: OpenModel): Promise<void> {
    const { signal } = this.#disposal;
    const { files, label, reference, store } = model;
    if (files === undefined) throw new MlflowError('NOT_IMPLEMENTED', `Only MLflow itself reads ${reference.modelUri}: it can be served, but not shown.`);
    this.#page.send('model', await describeModel(files, { label, modelUri: reference.modelUri, source: store?.label ?? '' }, signal));
    this.#page.send('surroundings', await this.#surroundings(model));
  }

  async #surroundings(model: OpenModel): Promise<ModelSurroundings> {
    const { store, origin } = model;
    const known = store === undefined || origin === undefined ? { versions: [] } : await readOrigin(store, origin, this.#disposal.signal);
    return { ...known, environment: await this.#environment(model) };
  }

  async #environment({ files, workspaceFolder }: OpenModel): Promise<EnvironmentCheck> {
    if (!vscode.workspace.isTrusted) return { kind: 'unchecked', reason: 'No Python is asked for its packages in a workspace that is not trusted.' };
    try {
      const interpreter = await this.#options.interpreters.find(workspaceFolder);
      if (interpreter === undefined || files === undefined) return { kind: 'unchecked', reason: 'No Python was found to compare with.' };
      return await checkEnvironment(files, interpreter.path, this.#disposal.signal);
    } catch (error) {
      return { kind: 'unchecked', reason: errorMessage(error) };
    }
  }

  /** Of a folder as it is, of a store as a copy. */
  async #openFile(path: string): Promise<null> {
    const { files } = await this.#open();
    if (files === undefined || !isInside(path)) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${path}' is not a file of this model`);
    if (files.folder !== undefined) {
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(files.folder, path)));
      return null;
    }
    const text = await files.read(path, this.#disposal.signal);
    if (text === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${path} is not there`);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, ...(path === 'MLmodel' && { language: 'mlmodel' }) }));
    return null;
  }
}

const copyText = async (text: string): Promise<null> => {
  await vscode.env.clipboard.writeText(text);
  return null;
};
