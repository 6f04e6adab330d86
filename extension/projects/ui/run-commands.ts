import * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { runsOf } from '../../host/run-items.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { applyParams } from './apply-params.ts';
import { chooseEntryPoint } from './choose-entry-point.ts';
import { debugEntryPoint } from './debug-entry-point.ts';
import { pickRun } from './pick-run.ts';
import { runAgain } from './run-again.ts';
import { runEntryPoint, runLastEntryPoint } from './run-entry-point.ts';
import { chooseFromGit } from './run-git-project.ts';
import type { RunForms } from './run-form-page.ts';
import type { RunTerminals } from './run-terminal.ts';
import type { StartOptions } from './start-run.ts';

export interface RunCommandsOptions extends StartOptions {
  readonly register: RegisterCommand;
  readonly terminals: RunTerminals;
  readonly forms: RunForms;
}

export const registerRunCommands = (options: RunCommandsOptions): Disposable => {
  const { register, runs, terminals, forms, interpreters } = options;
  const show = (run: SubmittedRun | undefined): void => {
    if (run !== undefined) terminals.show(run);
  };
  const owned = new Disposables();
  owned.own(register('mlflow.projects.runEntryPoint', async (target) => show(await runEntryPoint(target, options))));
  owned.own(
    register('mlflow.projects.runEntryPointWith', async (target) => {
      const chosen = await chooseEntryPoint(target, 'Run Entry Point with Parameters', options);
      if (chosen !== undefined) forms.show(chosen);
    }),
  );
  owned.own(register('mlflow.projects.debugEntryPoint', async (target) => show(await debugEntryPoint(target, options))));
  owned.own(register('mlflow.projects.runLastEntryPoint', async () => show(await runLastEntryPoint(options))));
  owned.own(register('mlflow.projects.runAgain', async (item) => show(await runAgain(item, options))));
  owned.own(register('mlflow.projects.applyParams', async (item) => await applyParams(item, forms, options)));
  owned.own(
    register('mlflow.projects.runGitProject', async () => {
      const chosen = await chooseFromGit(options);
      if (chosen !== undefined) forms.show(chosen);
    }),
  );
  // The grammar of Python is loaded when it is needed.
  owned.own(register('mlflow.projects.createProject', async (folder) => await (await import('./create-project.ts')).createProject(folder)));
  owned.own(register('mlflow.projects.stopRun', async (item) => (await chooseRun(item, { runs, among: runs.active, title: 'Stop Run' }))?.stop()));
  owned.own(register('mlflow.projects.showRunOutput', async (item) => show(await chooseRun(item, { runs, among: runs.all, title: 'Show Output of Run' }))));
  owned.own(
    register('mlflow.projects.selectInterpreter', async () => {
      const folder = await pickFolder();
      if (folder !== undefined) await interpreters.select(folder.uri.fsPath);
    }),
  );
  return owned;
};

interface Choice {
  readonly runs: SubmittedRuns;
  readonly among: readonly SubmittedRun[];
  readonly title: string;
}

/** The run that a row, a lens or a notification names; else the user's choice. */
const chooseRun = async (item: unknown, { runs, among, title }: Choice): Promise<SubmittedRun | undefined> => {
  const [named] = runsOf(item) ?? [];
  if (named === undefined) return await pickRun(among, title);
  const run = runs.byId(named.runId);
  if (run === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'This run was not started from this workspace');
  return run;
};

const pickFolder = async (): Promise<vscode.WorkspaceFolder | undefined> => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
};
