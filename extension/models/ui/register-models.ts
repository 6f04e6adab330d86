import { join } from 'node:path';
import * as vscode from 'vscode';

import type { CommandId } from '../../host/commands.ts';
import { registerOnDemand } from '../../host/on-demand.ts';
import { restoreOnDemand } from '../../host/restored-pages.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import { listServingFolders } from '../serving-folder.ts';
import type { ModelsOptions } from './model-commands.ts';
import { registerModelLenses } from './model-lenses.ts';

interface RegisteringOptions extends Omit<ModelsOptions, 'servingRoot'> {
  /** A folder that all windows share. */
  readonly storage: string;
}

/** Models; what is behind their commands is loaded with the first of them, with a page, or for a server of an earlier window. */
export const registerModels = ({ storage, ...options }: RegisteringOptions): Disposable => {
  const owned = new Disposables();
  const servingRoot = join(storage, 'serving');
  const models = owned.own(
    registerOnDemand(options.register, modelCommands, async (register) =>
      (await import('./model-commands.ts')).registerModelCommands({ ...options, register, servingRoot }),
    ),
  );
  owned.own(restoreOnDemand('mlflow.serve', async () => (await models.get()).servePages));
  owned.own(restoreOnDemand('mlflow.model', async () => (await models.get()).modelPages));
  owned.own(restoreOnDemand('mlflow.predictions', async () => (await models.get()).predictionsPages));
  owned.own(registerModelLenses());

  const findServed = async (): Promise<void> => {
    if (vscode.workspace.isTrusted && (await listServingFolders(servingRoot)).length > 0) await models.get();
  };
  const find = (): void => void findServed().catch((error: unknown) => options.log.error(`Cannot find what is served: ${errorMessage(error)}`));
  owned.own(vscode.workspace.onDidGrantWorkspaceTrust(find));
  owned.own(vscode.workspace.onDidChangeWorkspaceFolders(find));
  find();
  return owned;
};

const modelCommands: readonly CommandId[] = [
  'mlflow.models.serve',
  'mlflow.models.serveWith',
  'mlflow.models.open',
  'mlflow.models.openAddress',
  'mlflow.models.copySnippet',
  'mlflow.models.predictFile',
  'mlflow.models.generateDockerfile',
  'mlflow.models.buildImage',
  'mlflow.models.exportFolder',
  'mlflow.models.openServer',
  'mlflow.models.restartServer',
  'mlflow.models.keepServer',
];
