import * as vscode from 'vscode';

import { errorMessage } from '../../shared/errors.ts';
import type { SelectedInterpreter, SelectedOrigin } from '../../shared/interpreter.ts';
import type { Logger } from '../../shared/logger.ts';
import { sayInformation } from '../../host/messages.ts';

/** What we use of the Python Environments extension's exports. */
interface EnvironmentsApi {
  getEnvironment(scope: vscode.Uri): Promise<{ readonly execInfo?: { readonly run?: { readonly executable?: string } } } | undefined>;
}

/** What we use of the Python extension's exports. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource: vscode.Uri): { readonly path: string };
    resolveEnvironment(environment: { readonly path: string }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** What the user has selected for a folder, in the first extension that says so; undefined without one. */
export const selectedInterpreter = async (folder: vscode.Uri, log: Logger): Promise<SelectedInterpreter | undefined> => {
  for (const { origin, ask } of extensions) {
    try {
      const path = await ask(folder);
      if (path !== undefined) return { path, origin };
    } catch (error) {
      log.warn(`The Python extension does not say which interpreter is selected: ${errorMessage(error)}`);
    }
  }
  return undefined;
};

const askEnvironments = async (folder: vscode.Uri): Promise<string | undefined> => {
  const api = await exportsOf<EnvironmentsApi>('ms-python.vscode-python-envs');
  return (await api?.getEnvironment(folder))?.execInfo?.run?.executable;
};

/** What the Python extension says before anything is selected. */
const nothingSelected = 'python';

const askPython = async (folder: vscode.Uri): Promise<string | undefined> => {
  const api = await exportsOf<PythonApi>('ms-python.python');
  const active = api?.environments.getActiveEnvironmentPath(folder);
  if (api === undefined || active === undefined || active.path === nothingSelected) return undefined;
  return (await api.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
};

/** In the order in which they are asked. */
const extensions: readonly { readonly origin: SelectedOrigin; readonly ask: (folder: vscode.Uri) => Promise<string | undefined> }[] = [
  { origin: 'python-environments', ask: askEnvironments },
  { origin: 'python-extension', ask: askPython },
];

/** Opens the extension's own list; ours could only write the setting, which comes after. */
export const selectInExtension = async (origin: SelectedOrigin, folder: vscode.Uri): Promise<void> => {
  const [command, name] = origin === 'python-environments' ? ['python-envs.set', 'Python Environments'] : ['python.setInterpreter', 'the Python extension'];
  const isThere = (await vscode.commands.getCommands(true)).includes(command);
  if (isThere) await vscode.commands.executeCommand(command, folder);
  else await sayInformation(`The Python of this folder is selected in ${name}: choose another one there.`);
};

const exportsOf = async <Api>(id: string): Promise<Api | undefined> => {
  const extension = vscode.extensions.getExtension<Api>(id);
  return await extension?.activate();
};
