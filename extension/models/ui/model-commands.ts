import * as vscode from 'vscode';

import type { ServingManager } from '../../../schemas/serve-page.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import type { ServingView } from '../../host/serving-view.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import type { ServingLimits } from '../serving-folder.ts';
import { registerBatch } from './batch.ts';
import { copySnippet } from './copy-snippet.ts';
import { ModelPages } from './model-page.ts';
import type { ModelInterpreters } from './model-interpreters.ts';
import { openAddress } from './open-address.ts';
import { pickModel } from './pick-model.ts';
import { PredictionsPages } from './predictions-page.ts';
import { pickManager, prepareServing, requireTrust, type ServeOptions } from './serve-model.ts';
import { ServePages } from './serve-page.ts';
import { ServedModels } from './served-models.ts';

export interface ModelsOptions {
  readonly stores: StoreConnections;
  readonly interpreters: ModelInterpreters;
  readonly register: RegisterCommand;
  readonly view: ServingView;
  readonly extensionUri: vscode.Uri;
  /** What was agreed to in this workspace. */
  readonly memento: vscode.Memento;
  /** A folder that all windows share, with what they serve. */
  readonly servingRoot: string;
  /** File name of the bundled program. */
  readonly supervisorScript: string;
  readonly log: Logger;
}

/** Large models take minutes to load, and environments take longer to make. */
const limits: ServingLimits = { start: 30 * 60_000, lease: 60_000, grace: { interrupt: 5_000, terminate: 3_000 } };

export interface ModelCommands extends Disposable {
  readonly servePages: ServePages;
  readonly modelPages: ModelPages;
  readonly predictionsPages: PredictionsPages;
}

/** Looking at models, serving them, trying them. What earlier windows serve is found. */
export const registerModelCommands = (options: ModelsOptions): ModelCommands => {
  const { stores, interpreters, register, view, extensionUri, memento, servingRoot, supervisorScript, log } = options;
  const owned = new Disposables();
  const site = { root: servingRoot, supervisorScript, limits };
  const served = owned.own(new ServedModels({ site, stores, view, log }));
  const pages = owned.own(new ServePages({ stores, interpreters, served, extensionUri, log }));
  const serve = createServe({ stores, interpreters, served, memento }, pages);
  owned.own(register('mlflow.models.serve', (target) => serve(target, async () => 'local')));
  owned.own(register('mlflow.models.serveWith', (target) => serve(target, pickManager)));
  const models = owned.own(new ModelPages({ stores, interpreters, extensionUri, log }));
  owned.own(
    register('mlflow.models.open', async (target) => {
      const reference = await pickModel(target, stores, 'Open which model?');
      if (reference !== undefined) models.show(reference);
    }),
  );
  owned.own(register('mlflow.models.openAddress', async (link) => await openAddress(link, stores)));
  owned.own(register('mlflow.models.copySnippet', async (target) => await copySnippet(target, stores)));
  const places = {
    log: owned.own(vscode.window.createOutputChannel('MLflow Models')),
    predictions: owned.own(new PredictionsPages({ extensionUri, log })),
  };
  owned.own(registerBatch(register, { stores, interpreters, served, memento }, places));
  owned.own(registerServerCommands(register, served, pages));
  return { servePages: pages, modelPages: models, predictionsPages: places.predictions, dispose: () => owned.dispose() };
};

const createServe =
  (options: ServeOptions, pages: ServePages) =>
  async (target: unknown, chooseManager: () => Promise<ServingManager | undefined>): Promise<void> => {
    requireTrust();
    const reference = await pickModel(target, options.stores, 'Serve which model?');
    const manager = reference && (await chooseManager());
    const model = manager && (await prepareServing(reference, manager, options));
    if (model === undefined) return;
    pages.show(model);
    await options.served.start(model);
  };

/** Of the rows of the view *Serving*. */
const registerServerCommands = (register: RegisterCommand, served: ServedModels, pages: ServePages): Disposable => {
  const owned = new Disposables();
  owned.own(
    register('mlflow.models.openServer', (item) => {
      const model = served.of(item);
      if (model !== undefined) pages.show(model);
    }),
  );
  owned.own(
    register('mlflow.models.restartServer', async (item) => {
      requireTrust();
      await served.of(item)?.start();
    }),
  );
  owned.own(
    register('mlflow.models.keepServer', (item) => {
      const model = served.of(item);
      model?.keep(!model.isKept);
    }),
  );
  return owned;
};
