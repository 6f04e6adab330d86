import * as vscode from 'vscode';

import type { Disposable } from '../shared/disposables.ts';

/** Every setting with the type of its value. */
export interface Settings {
  /** Stores besides those found by themselves: paths and addresses. Per folder. */
  'mlflow.stores': readonly string[];
  /** Empty: look for one. */
  'mlflow.pythonPath': string;
  /** Metrics shown beside a run in the tree; empty: its first two. */
  'mlflow.experiments.metrics': readonly string[];
  /** Terminals, tasks and debug sessions log to the store that is shown. Per folder. */
  'mlflow.tracking.environment': boolean;
  /** Log what entry points print as the artifact `stdout.log`. */
  'mlflow.projects.logOutput': boolean;
  /** Names of environment variables that servers of models get besides those that they need. */
  'mlflow.serving.variables': readonly string[];
}

const defaults: Readonly<Settings> = {
  'mlflow.stores': [],
  'mlflow.pythonPath': '',
  'mlflow.experiments.metrics': [],
  'mlflow.tracking.environment': true,
  'mlflow.projects.logOutput': false,
  'mlflow.serving.variables': [],
};

/** A value of the wrong shape counts as unset: settings files are written by hand. */
export const readSetting = <Name extends keyof Settings>(name: Name, scope?: vscode.Uri): Settings[Name] => {
  const value = vscode.workspace.getConfiguration(undefined, scope ?? null).get<Settings[Name]>(name);
  return value !== undefined && hasShapeOf(value, defaults[name]) ? value : defaults[name];
};

const hasShapeOf = (value: unknown, example: unknown): boolean =>
  Array.isArray(example) ? Array.isArray(value) && value.every((item) => typeof item === 'string') : typeof value === typeof example;

export const onDidChangeSetting = (name: keyof Settings, listener: () => void): Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(name)) listener();
  });
