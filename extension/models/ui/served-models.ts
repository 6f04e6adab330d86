import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';

import type { ServingView } from '../../host/serving-view.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { ModelServer } from '../model-server.ts';
import { hasEnded, listServingFolders, type ServingFolder, type ServingPlan, type ServingRequest } from '../serving-folder.ts';
import { ServedModel, type ServedModelOptions } from './served-model.ts';

export interface ServedModelsOptions extends ServedModelOptions {
  readonly view: ServingView;
  readonly log: Logger;
}

/** The models that this window serves: those it started, and those that are found when it opens. */
export class ServedModels implements Disposable {
  readonly #options: ServedModelsOptions;
  readonly #models = new Map<string, ServedModel>();
  readonly #owned = new Disposables();
  readonly #recovered: Promise<void>;

  constructor(options: ServedModelsOptions) {
    this.#options = options;
    this.#owned.own(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#recover()));
    this.#owned.own(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.#recover()));
    this.#recovered = this.#recover();
  }

  /** Once those of earlier windows are found. */
  async byId(id: string): Promise<ServedModel | undefined> {
    await this.#recovered;
    return [...this.#models.values()].find((model) => model.id === id || model.server?.plan.id === id);
  }

  /** Of a row of the view *Serving*. */
  of(item: unknown): ServedModel | undefined {
    return [...this.#models.values()].find((model) => model === item);
  }

  /** Under the id that it had in an earlier window, where it is given. */
  create(request: ServingRequest, id: string = randomUUID()): ServedModel {
    return this.#add(new ServedModel(id, request, this.#options));
  }

  async start(model: ServedModel): Promise<void> {
    this.#options.view.add(model);
    await model.start();
  }

  stop(model: ServedModel): void {
    this.#options.view.remove(model);
  }

  dispose(): void {
    this.#owned.dispose();
    for (const model of this.#models.values()) model.leave();
  }

  async #recover(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const folders = await listServingFolders(this.#options.site.root);
    await Promise.all(
      folders.map(async (folder) => {
        await this.#recoverFrom(folder).catch((error: unknown) => this.#options.log.warn(`Cannot read '${folder.path}': ${errorMessage(error)}`));
      }),
    );
  }

  async #recoverFrom(folder: ServingFolder): Promise<void> {
    const plan = await folder.readPlan();
    if (plan === undefined || !isInWorkspace(plan) || this.#isKnown(plan.id)) return;
    const state = await folder.readState();
    if (state !== undefined && hasEnded(state)) return await folder.remove();
    const server = await ModelServer.attach(folder, plan);
    if (server.hasEnded || this.#isKnown(plan.id)) return server.dispose();
    this.#options.view.add(this.#add(ServedModel.adopt(server, this.#options)));
  }

  /** What another window has stopped leaves the view; what has failed stays until somebody has seen it. */
  #add(model: ServedModel): ServedModel {
    this.#models.set(model.id, model);
    this.#owned.own(model.onDidChangeState(() => model.modelState.kind === 'stopped' && this.#options.view.remove(model)));
    return model;
  }

  #isKnown(id: string): boolean {
    return [...this.#models.values()].some((model) => model.id === id || model.server?.plan.id === id);
  }
}

const isInWorkspace = ({ request }: ServingPlan): boolean => vscode.workspace.getWorkspaceFolder(vscode.Uri.file(request.workspaceFolder)) !== undefined;
