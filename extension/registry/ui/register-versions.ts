import { basename } from 'node:path';
import * as vscode from 'vscode';

import { asStoreId } from '../../../schemas/ids.ts';
import { toSignal } from '../../host/abort.ts';
import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { runsOf } from '../../host/run-items.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { createRestLoggedModelStore } from '../../tracking/rest-logged-model-store.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { readModelFolder } from '../model-folder.ts';
import { parseModelUri } from '../model-uri.ts';
import type { ModelVersion } from '../model-version.ts';
import { registerFiles } from '../register-files.ts';
import { modelsOfRun, ofLoggedModel, type RegistrableModel } from '../run-models.ts';
import { registryOf } from '../registry-of.ts';
import { chooseModel } from './choose-model.ts';
import { chooseRun } from './choose-run.ts';
import { isRegistryNode } from './registry-nodes.ts';
import type { RegistryTree } from './registry-tree.ts';
import { chooseStore } from './selection.ts';

export interface Registering {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly tree: RegistryTree;
}

const title = 'Register Model';

export const registerRegistering = (options: Registering): Disposable => {
  const owned = new Disposables();
  owned.own(options.register('mlflow.registry.registerModel', (item) => registerModel(options, item)));
  owned.own(options.register('mlflow.registry.registerFolder', (folder) => registerFolder(options, folder)));
  return owned;
};

/** Of a run, of a logged model that another component names, or of whatever the user chooses. */
const registerModel = async (options: Registering, item: unknown): Promise<void> => {
  const named = namedModel(item);
  if (named !== undefined) return await registerUri(options, named);
  const [run] = runsOf(item) ?? [await askRun(options, item)];
  if (run !== undefined) await registerRun(options, run);
};

const askRun = async ({ stores }: Registering, item: unknown): Promise<RunReference | undefined> => {
  const connection = isRegistryNode(item) ? item.connection : await chooseStore(stores, title);
  return connection === undefined ? undefined : await chooseRun(connection, title);
};

const connectionOf = ({ stores }: Registering, storeId: RunReference['storeId']): StoreConnection => {
  const connection = stores.byId(storeId);
  if (connection === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is not open in this window`);
  return connection;
};

interface NamedModel {
  readonly storeId: RunReference['storeId'];
  readonly modelUri: string;
}

/** What other components hand over; rows of versions have these, too. */
const namedModel = (item: unknown): NamedModel | undefined => {
  if (typeof item !== 'object' || item === null || !('storeId' in item) || !('modelUri' in item)) return undefined;
  const { storeId, modelUri } = item;
  return typeof storeId === 'string' && typeof modelUri === 'string' ? { storeId: asStoreId(storeId), modelUri } : undefined;
};

const registerUri = async (options: Registering, { storeId, modelUri }: NamedModel): Promise<void> => {
  const connection = connectionOf(options, storeId);
  const uri = parseModelUri(modelUri);
  if (uri.kind === 'run') return await registerRun(options, { storeId, runId: uri.runId }, uri.path);
  if (uri.kind !== 'logged-model') throw new MlflowError('INVALID_PARAMETER_VALUE', `${modelUri} is registered already: copy the version instead`);
  const model = await createRestLoggedModelStore(connection.http).getLoggedModel(uri.modelId);
  await registerSource(options, connection, ofLoggedModel(model));
};

const registerRun = async (options: Registering, { storeId, runId }: RunReference, path?: string): Promise<void> => {
  const connection = connectionOf(options, storeId);
  const run = await connection.tracking.getRun(runId);
  const models = await modelsOfRun(run, { artifacts: connection.artifacts, loggedModels: createRestLoggedModelStore(connection.http) });
  const model = await chooseSource(run.info.runName, path === undefined ? models : models.filter(({ label }) => label === path));
  if (model !== undefined) await registerSource(options, connection, model);
};

const chooseSource = async (runName: string, models: readonly RegistrableModel[]): Promise<RegistrableModel | undefined> => {
  if (models.length === 0)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The run “${lineText(runName, 80)}” has logged no model: no folder of its artifacts has an MLmodel`);
  if (models.length === 1) return models[0];
  const items = models.map((model) => ({ label: iconSafeText(model.label), description: iconSafeText(model.source), model }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Which of the models that the run has logged?' }))?.model;
};

const registerSource = async (options: Registering, connection: StoreConnection, { source, runId, modelId }: RegistrableModel): Promise<void> => {
  const name = await chooseModel(connection, `${title} in ${connection.label}`);
  if (name === undefined) return;
  const version = await registryOf(connection).createModelVersion({
    name,
    source,
    ...(runId !== undefined && { runId }),
    ...(modelId !== undefined && { modelId }),
  });
  await showRegistered(options, connection, version);
};

const showRegistered = async ({ tree }: Registering, connection: StoreConnection, { name, version }: ModelVersion): Promise<void> => {
  void sayInformation(`Registered “${lineText(name, 80)}” version ${version}.`);
  await tree.reveal(connection.id, name, version);
};

const registerFolder = async (options: Registering, folder: vscode.Uri | undefined): Promise<void> => {
  const place = folder ?? (await askFolder());
  if (place === undefined) return;
  const files = await readModelFolder(place.fsPath);
  const connection = await chooseStore(options.stores, title);
  const name = connection && (await chooseModel(connection, `${title} in ${connection.label}`));
  if (connection === undefined || name === undefined) return;
  const progress = { location: vscode.ProgressLocation.Notification, title: `Registering ${lineText(basename(place.fsPath), 80)}`, cancellable: true };
  const version = await vscode.window.withProgress(progress, (report, token) => {
    const total = Math.max(
      1,
      files.reduce((sum, { size }) => sum + size, 0),
    );
    const onFile = ({ path, size }: { path: string; size: number }): void => report.report({ message: path, increment: (100 * size) / total });
    return registerFiles(connection, registryOf(connection), { name, files, runName: `upload of ${basename(place.fsPath)}`, onFile }, toSignal(token));
  });
  await showRegistered(options, connection, version);
};

const askFolder = async (): Promise<vscode.Uri | undefined> =>
  (
    await vscode.window.showOpenDialog({ title: 'Register a Folder with an MLmodel', openLabel: 'Register', canSelectFolders: true, canSelectFiles: false })
  )?.[0];
