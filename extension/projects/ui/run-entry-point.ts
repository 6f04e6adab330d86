import * as vscode from 'vscode';

import type { EntryPointReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import { userEnvironment } from '../../shared/process.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { resolveExperiment } from '../experiment-choice.ts';
import type { GivenValues } from '../parameters.ts';
import { getEntryPoint } from '../project.ts';
import { localSource } from '../source-version.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { askAllValues, askMissingValues } from './ask-values.ts';
import type { Interpreters } from './interpreters.ts';
import { pickEntryPoint, type ChosenEntryPoint } from './pick-entry-point.ts';
import { pickExperiment } from './pick-experiment.ts';
import type { RunMemory } from './run-memory.ts';
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
  readonly values: GivenValues;
  readonly experiment?: string | undefined;
}

/** Starts at once with what was last given, or the defaults; asks for what has neither. Undefined when given up. */
export const runEntryPoint = async (target: RunTarget, options: RunEntryPointOptions): Promise<SubmittedRun | undefined> => {
  const chosen = await chooseEntryPoint(target, 'Run Entry Point');
  if (chosen === undefined) return undefined;
  const { entryPoint } = chosen;
  const { directory } = chosen.found.project;
  const values = await askMissingValues({ entryPoint, directory, values: options.memory.valuesOf(directory, entryPoint) });
  return values === undefined ? undefined : await startRun({ ...chosen, values, experiment: options.memory.experimentOf(directory, entryPoint) }, options);
};

/** Asks for every parameter and for the experiment first. */
export const runEntryPointWith = async (target: RunTarget, options: RunEntryPointOptions): Promise<SubmittedRun | undefined> => {
  const chosen = await chooseEntryPoint(target, 'Run Entry Point with Parameters');
  if (chosen === undefined) return undefined;
  const { entryPoint } = chosen;
  const { directory } = chosen.found.project;
  const values = await askAllValues({ entryPoint, directory, values: options.memory.valuesOf(directory, entryPoint) });
  if (values === undefined) return undefined;
  const store = await storeOf(chosen, options.stores);
  const experiment = await pickExperiment(store.tracking, options.memory.experimentOf(directory, entryPoint));
  return experiment === undefined ? undefined : await startRun({ ...chosen, values, experiment }, options);
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
  const { found, entryPoint, values, experiment } = start;
  const { directory } = found.project;
  if (found.project.environment.kind === 'docker') throw new MlflowError('NOT_IMPLEMENTED', 'Docker projects cannot be run from here');
  const interpreter = await options.interpreters.findReady(directory);
  if (interpreter === undefined) return undefined;
  await options.memory.remember(directory, entryPoint, { values, experiment });
  const progress = { location: vscode.ProgressLocation.Window, title: `Starting ${entryPoint.name}` };
  return await vscode.window.withProgress(progress, async () => {
    const store = await storeOf(start, options.stores);
    const request = {
      directory,
      entryPoint,
      values,
      experimentId: await resolveExperiment(store.tracking, experiment, userEnvironment()),
      source: await localSource(directory),
      environment: { manager: 'local', interpreter: interpreter.path },
    } as const;
    return await options.runs.submit(request, store);
  });
};
