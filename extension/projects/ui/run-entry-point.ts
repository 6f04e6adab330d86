import * as vscode from 'vscode';

import type { EntryPointReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import { userEnvironment } from '../../shared/process.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { resolveExperiment } from '../experiment-choice.ts';
import { getEntryPoint, type Project } from '../project.ts';
import type { EnvironmentPlan } from '../run-folder.ts';
import { localSource } from '../source-version.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { askAllValues, askMissingValues } from './ask-values.ts';
import type { Interpreters } from './interpreters.ts';
import { pickEntryPoint, type ChosenEntryPoint } from './pick-entry-point.ts';
import { pickExperiment } from './pick-experiment.ts';
import { pickManager, type EnvironmentManager } from './pick-manager.ts';
import type { RunMemory, StartChoices } from './run-memory.ts';
import { openProject } from './workspace-projects.ts';

export interface RunEntryPointOptions {
  readonly stores: StoreConnections;
  readonly runs: SubmittedRuns;
  readonly interpreters: Interpreters;
  readonly memory: RunMemory;
}

/** What a lens, a menu or nothing names; a menu of an editor hands the file's URI. */
export type RunTarget = EntryPointReference | vscode.Uri | undefined;

interface Start extends ChosenEntryPoint {
  readonly choices: StartChoices;
}

/** Starts at once with what was last given, or the defaults; asks for what has neither. Undefined when given up. */
export const runEntryPoint = async (target: RunTarget, options: RunEntryPointOptions): Promise<SubmittedRun | undefined> => {
  const chosen = await chooseEntryPoint(target, 'Run Entry Point');
  if (chosen === undefined) return undefined;
  const { entryPoint } = chosen;
  const { directory } = chosen.found.project;
  const last = options.memory.choicesOf(directory, entryPoint);
  const values = await askMissingValues({ entryPoint, directory, values: last.values });
  return values === undefined ? undefined : await startRun({ ...chosen, choices: { ...last, values } }, options);
};

/** Asks for every parameter, the environment manager and the experiment first. */
export const runEntryPointWith = async (target: RunTarget, options: RunEntryPointOptions): Promise<SubmittedRun | undefined> => {
  const chosen = await chooseEntryPoint(target, 'Run Entry Point with Parameters');
  if (chosen === undefined) return undefined;
  const { entryPoint } = chosen;
  const { directory } = chosen.found.project;
  const last = options.memory.choicesOf(directory, entryPoint);
  const values = await askAllValues({ entryPoint, directory, values: last.values });
  const manager = values === undefined ? undefined : await pickManager(last.manager);
  if (values === undefined || manager === undefined) return undefined;
  const store = await storeOf(chosen, options.stores);
  const experiment = await pickExperiment(store.tracking, last.experiment);
  return experiment === undefined ? undefined : await startRun({ ...chosen, choices: { values, manager, experiment } }, options);
};

const chooseEntryPoint = async (target: RunTarget, title: string): Promise<ChosenEntryPoint | undefined> => {
  if (!vscode.workspace.isTrusted) throw untrusted();
  // What is seen is what is run.
  await vscode.workspace.saveAll(false);
  if (target === undefined) return await pickEntryPoint(title);
  if (target instanceof vscode.Uri) return await pickEntryPoint(title, [await openProject(target)]);
  const found = await openProject(vscode.Uri.file(target.projectFile));
  const shell = process.env['SHELL'];
  return { found, entryPoint: getEntryPoint(found.project, target.entryPoint, { platform: process.platform, ...(shell === undefined ? {} : { shell }) }) };
};

const untrusted = (): MlflowError =>
  new MlflowError('PERMISSION_DENIED', 'This workspace is not trusted: an entry point runs programs that its author chose. Trust the workspace to run it.');

const storeOf = async ({ found }: ChosenEntryPoint, stores: StoreConnections): Promise<StoreConnection> => {
  const store = await stores.ensureFor(found.workspaceFolder.uri.fsPath);
  if (store.state.kind === 'ready' && store.state.readOnlyReason !== undefined) {
    throw new MlflowError('PERMISSION_DENIED', `Runs cannot be logged to ${store.label}: ${store.state.readOnlyReason}`);
  }
  return store;
};

const startRun = async (start: Start, options: RunEntryPointOptions): Promise<SubmittedRun | undefined> => {
  const { found, entryPoint, choices } = start;
  const { directory } = found.project;
  const environment = await planEnvironment(found.project, choices.manager, options.interpreters);
  if (environment === undefined) return undefined;
  await options.memory.remember(directory, entryPoint, choices);
  const progress = { location: vscode.ProgressLocation.Window, title: `Starting ${entryPoint.name}` };
  return await vscode.window.withProgress(progress, async () => {
    const store = await storeOf(start, options.stores);
    const experimentId = await resolveExperiment(store.tracking, choices.experiment, userEnvironment());
    const source = await localSource(directory);
    return await options.runs.submit({ directory, entryPoint, values: choices.values, experimentId, source, environment }, store);
  });
};

/** Undefined when there is no Python to run with, which the user has been told. */
const planEnvironment = async (project: Project, manager: EnvironmentManager, interpreters: Interpreters): Promise<EnvironmentPlan | undefined> => {
  const { environment, directory } = project;
  if (environment.kind === 'docker') throw new MlflowError('NOT_IMPLEMENTED', 'Docker projects cannot be run from here');
  if (manager === 'local' || environment.kind === 'none') {
    const interpreter = await interpreters.findReady(directory);
    return interpreter === undefined ? undefined : { manager: 'local', interpreter: interpreter.path };
  }
  const running = await interpreters.findRunning(directory);
  return running === undefined ? undefined : { manager, source: environment, currentPython: running.version, interpreter: running.path };
};
