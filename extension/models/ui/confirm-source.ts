import { resolve } from 'node:path';
import * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import { sayWarning } from '../../host/messages.ts';
import { splitUri } from '../../shared/uri.ts';
import { withoutSecrets } from '../../shared/without-secrets.ts';
import type { OpenModel } from './open-model.ts';

const memory = 'mlflow.models.agreedSources';

/** Loading a model runs its code. Whoever's it is, the user has agreed to it once: to the store, the server or the folder that it is from. */
export const confirmSource = async (model: OpenModel, variables: readonly string[], memento: vscode.Memento): Promise<boolean> => {
  const source = foreignSource(model);
  if (source === undefined) return true;
  const agreed = memento.get<readonly string[]>(memory, []);
  const key = variables.length === 0 ? source : `${source} ${variables.join(' ')}`;
  if (agreed.includes(key)) return true;
  const load = 'Load';
  const asked = variables.length === 0 ? '' : `\n\nIt asks for these variables of your environment: ${variables.map((name) => lineText(name, 60)).join(', ')}.`;
  const detail = `To load a model is to run code that came with it, on this machine, with your rights.${asked}`;
  const answer = await sayWarning(`Load a model from ${lineText(withoutSecrets(source))}?`, { modal: true, detail }, load);
  if (answer !== load) return false;
  await memento.update(memory, [...agreed, key]);
  return true;
};

/** Undefined for what belongs to the workspace: its folders and its local stores. */
const foreignSource = ({ reference, store, files }: OpenModel): string | undefined => {
  if (store !== undefined) return store.address.kind === 'server' ? store.address.url : undefined;
  const folder = files?.folder;
  if (folder !== undefined) return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(resolve(folder))) === undefined ? folder : undefined;
  const { scheme, authority = '' } = splitUri(reference.modelUri);
  return scheme === '' ? reference.modelUri : `${scheme}://${authority}`;
};
