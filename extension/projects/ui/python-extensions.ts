import * as vscode from 'vscode';

import { errorMessage } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';

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

/** The interpreter that the user has selected for a folder, in whichever extension is there; undefined without one. */
export const selectedInterpreter = async (folder: vscode.Uri, log: Logger): Promise<string | undefined> => {
  for (const ask of [askEnvironments, askPython]) {
    try {
      const path = await ask(folder);
      if (path !== undefined) return path;
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

const askPython = async (folder: vscode.Uri): Promise<string | undefined> => {
  const api = await exportsOf<PythonApi>('ms-python.python');
  const active = api?.environments.getActiveEnvironmentPath(folder);
  if (api === undefined || active === undefined) return undefined;
  return (await api.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
};

const exportsOf = async <Api>(id: string): Promise<Api | undefined> => {
  const extension = vscode.extensions.getExtension<Api>(id);
  return await extension?.activate();
};
