import * as vscode from 'vscode';

import { servingManagers, type ServingManager } from '../../../schemas/serve-page.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayWarning } from '../../host/messages.ts';
import { MlflowError } from '../../shared/errors.ts';
import { installedPackages } from '../../shared/installed-packages.ts';
import { findProgram } from '../../shared/interpreter.ts';
import { userEnvironment } from '../../shared/process.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { missingPackages } from '../missing-packages.ts';
import { readModel } from '../model-input.ts';
import type { ModelReference } from '../model-reference.ts';
import { confirmSource } from './confirm-source.ts';
import type { ModelInterpreters } from './model-interpreters.ts';
import { openModel, type OpenModel } from './open-model.ts';
import type { ServedModel } from './served-model.ts';
import type { ServedModels } from './served-models.ts';

export interface ServeOptions {
  readonly stores: StoreConnections;
  readonly interpreters: ModelInterpreters;
  readonly served: ServedModels;
  /** What was agreed to. */
  readonly memento: vscode.Memento;
}

/** Every way to run the code of a model comes through here first. */
export const requireTrust = (): void => {
  if (vscode.workspace.isTrusted) return;
  throw new MlflowError('PERMISSION_DENIED', 'This workspace is not trusted: to load a model is to run its code. Trust the workspace to serve it.');
};

/** A model whose code may run, and what runs it. */
export interface PreparedModel {
  readonly model: OpenModel;
  readonly interpreter: string;
  /** Names of the environment variables that it asks for. */
  readonly variables: readonly string[];
}

/** Undefined when given up. */
export const prepareModel = async (reference: ModelReference, options: ServeOptions, manager: ServingManager = 'local'): Promise<PreparedModel | undefined> => {
  requireTrust();
  const title = lineText(`Looking at ${reference.modelUri}`);
  const model = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => openModel(reference, options.stores));
  const variables = await variablesOf(model);
  if (!(await confirmSource(model, variables, options.memento))) return undefined;
  const interpreter = await options.interpreters.findReady(model.workspaceFolder);
  if (interpreter === undefined) return undefined;
  if (manager === 'local' && !(await offerMissing(model, interpreter.path, options.interpreters))) return undefined;
  return { model, interpreter: interpreter.path, variables };
};

/** Undefined when given up. */
export const prepareServing = async (reference: ModelReference, manager: ServingManager, options: ServeOptions): Promise<ServedModel | undefined> => {
  const prepared = await prepareModel(reference, options, manager);
  if (prepared === undefined) return undefined;
  const { model, interpreter, variables } = prepared;
  const { label, workspaceFolder } = model;
  return options.served.create({ model: model.reference, label, modelUri: model.reference.modelUri, interpreter, manager, workspaceFolder, variables });
};

/** That there is an MLmodel file is seen before anything is started. */
const variablesOf = async ({ files }: OpenModel): Promise<readonly string[]> => (files === undefined ? [] : (await readModel(files)).envVars);

/** Whether to go on. */
const offerMissing = async ({ files, workspaceFolder, label }: OpenModel, interpreter: string, interpreters: ModelInterpreters): Promise<boolean> => {
  const requirements = (await files?.read('requirements.txt')) ?? '';
  const missing = missingPackages(requirements, await installedPackages(interpreter));
  if (missing.length === 0) return true;
  const [install, anyway] = ['Install and Go On', 'Go On Anyway'];
  const message = `${lineText(label)} needs ${missing.map((name) => lineText(name, 60)).join(', ')}, which ${interpreter} does not have.`;
  const answer = await sayWarning(message, install, anyway);
  if (answer === install) return await interpreters.install(missing, interpreter, workspaceFolder);
  return answer === anyway;
};

const notes: Readonly<Record<ServingManager, { readonly text: string; readonly program?: string }>> = {
  local: { text: 'the Python of the workspace, as it is' },
  virtualenv: { text: "an environment of the model's own, with pyenv", program: 'pyenv' },
  uv: { text: "an environment of the model's own, made by uv", program: 'uv' },
  conda: { text: "an environment of the model's own, made by conda", program: 'conda' },
};

/** Undefined when given up. */
export const pickManager = async (): Promise<ServingManager | undefined> => {
  const environment = userEnvironment();
  const rows = servingManagers.map((manager) => {
    const { text, program } = notes[manager];
    const isMissing = program !== undefined && findProgram(program, environment) === undefined;
    return { label: manager, description: isMissing ? `${program} is not on PATH` : text, manager };
  });
  return (await vscode.window.showQuickPick(rows, { placeHolder: 'Serve it in which environment?' }))?.manager;
};
