import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { checkModelName } from '../registered-model.ts';
import { registryOf } from '../registry-of.ts';
import { modelDescription } from './model-text.ts';

/** More models than these are named by typing. */
const mostOffered = 1000;

interface ModelItem extends vscode.QuickPickItem {
  readonly name?: string;
}

/** A model of the store, made when its name is new; undefined when given up. */
export const chooseModel = async (connection: StoreConnection, title: string): Promise<string | undefined> => {
  const { items } = await registryOf(connection).searchRegisteredModels({ maxResults: mostOffered });
  const offered: readonly ModelItem[] = items.map((model) => ({
    label: iconSafeText(model.name, 250),
    description: modelDescription(model),
    name: model.name,
  }));
  if (offered.length === 0) return await createNamed(connection, title);
  const newModel = { label: '$(add) New model…', alwaysShow: true };
  const picked = await vscode.window.showQuickPick<ModelItem>([newModel, ...offered], { title, placeHolder: 'Choose a model' });
  return picked === undefined ? undefined : (picked.name ?? (await createNamed(connection, title)));
};

/** Asks for a name and makes the model, unless there is one of this name. */
const createNamed = async (connection: StoreConnection, title: string): Promise<string | undefined> => {
  const name = await askModelName(title);
  if (name === undefined) return undefined;
  try {
    await registryOf(connection).createRegisteredModel({ name });
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== 'RESOURCE_ALREADY_EXISTS') throw error;
  }
  return name;
};

export const askModelName = (title: string, value = ''): Thenable<string | undefined> =>
  vscode.window.showInputBox({ title, value, prompt: 'Name of the registered model', validateInput: problemOfName });

export const problemOfName = (name: string): string | undefined => {
  if (name.trim() === '') return 'A model needs a name';
  try {
    checkModelName(name);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};
