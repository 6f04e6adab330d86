import { dirname } from 'node:path';
import * as vscode from 'vscode';

import { ownDebugType } from '../../host/manifest.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { AgreedServers } from './agreed-servers.ts';
import type { ProgramEnvironment } from './program-environment.ts';

/** Of Microsoft's debugger, its older name, and ours. */
const types = ['debugpy', 'python', ownDebugType];

/** Gives Python programs that are started under a debugger what terminals get. */
export const provideDebugEnvironment = (environment: ProgramEnvironment, agreed: AgreedServers): Disposable => {
  const owned = new Disposables();
  const resolve = async (folder: vscode.WorkspaceFolder | undefined, configuration: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration> =>
    configuration.request === 'launch' ? await withVariables(folder ?? folderOf(configuration), configuration) : configuration;
  const withVariables = async (folder: vscode.WorkspaceFolder | undefined, configuration: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration> => {
    if (folder === undefined) return configuration;
    const own = variablesOf(configuration);
    const given = await environment.ofSession(folder, own, textOf(configuration['envFile']));
    if (given.kind === 'unagreed') void agreed.ask(folder, given.url);
    return given.kind === 'given' ? { ...configuration, env: { ...given.variables, ...own } } : configuration;
  };
  for (const type of types) owned.own(vscode.debug.registerDebugConfigurationProvider(type, { resolveDebugConfigurationWithSubstitutedVariables: resolve }));
  return owned;
};

/** A file may be debugged without a launch.json, then the session is of no folder. */
const folderOf = (configuration: vscode.DebugConfiguration): vscode.WorkspaceFolder | undefined => {
  const program = textOf(configuration['program']);
  const places = [textOf(configuration['cwd']), program === undefined ? undefined : dirname(program)];
  return places.map((place) => (place === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(place)))).find(Boolean);
};

const variablesOf = ({ env }: vscode.DebugConfiguration): Readonly<Record<string, unknown>> =>
  typeof env === 'object' && env !== null ? (env as Readonly<Record<string, unknown>>) : {};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
