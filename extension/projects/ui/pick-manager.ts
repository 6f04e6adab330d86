import * as vscode from 'vscode';

import { environmentManagers, type EnvironmentManager } from '../../../schemas/run-choices.ts';
import { userEnvironment } from '../../shared/process.ts';
import { findProgram } from '../interpreter.ts';

interface ManagerItem extends vscode.QuickPickItem {
  readonly manager: EnvironmentManager;
}

/** MLflow's own names; undefined when given up. */
export const pickManager = async (current: EnvironmentManager): Promise<EnvironmentManager | undefined> => {
  const items = environmentManagers.map(toItem).toSorted((a, b) => Number(b.manager === current) - Number(a.manager === current));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Environment Manager',
    placeHolder: 'Where the entry point finds its Python',
    ignoreFocusOut: true,
  });
  return picked?.manager;
};

const details: Readonly<Record<EnvironmentManager, string>> = {
  local: 'The Python of the workspace, as it is',
  virtualenv: "A virtual environment of the project's own, shared with mlflow run; Python comes from pyenv",
  uv: "A virtual environment of the project's own, shared with mlflow run; made by uv",
};

const programs: Readonly<Record<EnvironmentManager, string | undefined>> = { local: undefined, virtualenv: 'pyenv', uv: 'uv' };

const toItem = (manager: EnvironmentManager): ManagerItem => {
  const program = programs[manager];
  const isMissing = program !== undefined && findProgram(program, userEnvironment()) === undefined;
  return { label: manager, detail: details[manager], manager, ...(isMissing ? { description: `${program} is not on PATH` } : {}) };
};
