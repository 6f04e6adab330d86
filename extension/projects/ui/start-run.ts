import * as vscode from 'vscode';

import type { EnvironmentManager, RunChoices } from '../../../schemas/run-choices.ts';
import type { EntryPointReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { readSetting } from '../../host/settings.ts';
import { MlflowError } from '../../shared/errors.ts';
import { userEnvironment } from '../../shared/process.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import type { DebugPlan } from '../debug-command.ts';
import type { EntryPoint } from '../entry-point.ts';
import { resolveExperiment } from '../experiment-choice.ts';
import { requireParameters, type GivenValues } from '../parameters.ts';
import { dockerPlan, requireCondaFile } from '../environment-plan.ts';
import { getEntryPoint, type Project } from '../project.ts';
import type { EnvironmentPlan } from '../run-folder.ts';
import { localSource } from '../source-version.ts';
import type { RunRequest } from '../submit-run.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { confirmMeans } from './confirm-means.ts';
import type { Interpreters } from './interpreters.ts';
import type { OpenPlaceOptions } from './open-place.ts';
import type { RunMemory } from './run-memory.ts';
import type { FoundProject } from './workspace-projects.ts';

export interface StartOptions extends OpenPlaceOptions {
  readonly stores: StoreConnections;
  readonly runs: SubmittedRuns;
  readonly interpreters: Interpreters;
  readonly memory: RunMemory;
}

export interface ChosenEntryPoint {
  readonly found: FoundProject;
  readonly entryPoint: EntryPoint;
  /** Where its runs go; absent: the active store of the folder. */
  readonly store?: StoreConnection;
}

interface Start extends ChosenEntryPoint {
  readonly choices: RunChoices;
  readonly debug?: DebugPlan;
}

/** Every way to start something comes through here first. */
export const requireTrust = (): void => {
  if (vscode.workspace.isTrusted) return;
  throw new MlflowError(
    'PERMISSION_DENIED',
    'This workspace is not trusted: an entry point runs programs that its author chose. Trust the workspace to run it.',
  );
};

export const referenceTo = ({ found, entryPoint }: ChosenEntryPoint): EntryPointReference => ({ ...found.place, entryPoint: entryPoint.name });

/** A declared one, or a script. */
export const entryPointOf = (project: Project, name: string): EntryPoint => {
  const shell = process.env['SHELL'];
  return getEntryPoint(project, name, { platform: process.platform, ...(shell === undefined ? {} : { shell }) });
};

export const givenValues = ({ values }: RunChoices): GivenValues => new Map(values.map(({ key, value }) => [key, value]));

/** Undefined when given up. */
export const startRun = async (start: Start, options: StartOptions): Promise<SubmittedRun | undefined> => {
  requireTrust();
  const { found, entryPoint, choices } = start;
  requireParameters(entryPoint, givenValues(choices));
  const source = found.source ?? (await localSource(found.project.directory));
  const environment = dockerPlan(found.project, choices, source) ?? (await planPython(found, choices.manager, options.interpreters));
  if (environment === undefined || !(await confirmMeans(environment, found.project.directory, options.memory))) return undefined;
  await options.memory.remember(referenceTo(start), choices);
  const progress = { location: vscode.ProgressLocation.Window, title: lineText(`Starting ${entryPoint.name}`) };
  return await vscode.window.withProgress(progress, async () => {
    const store = requireWritable(start.store ?? (await options.stores.ensureFor(found.workspaceFolder.uri.fsPath)));
    const experimentId = await resolveExperiment(store.tracking, choices.experiment, userEnvironment());
    return await options.runs.submit({ ...requestOf(start), source, environment, experimentId }, store);
  });
};

const requestOf = ({ found, entryPoint, choices, debug }: Start): Omit<RunRequest, 'source' | 'environment' | 'experimentId'> => ({
  directory: found.project.directory,
  entryPoint,
  values: givenValues(choices),
  variables: choices.variables,
  logsOutput: readSetting('mlflow.projects.logOutput', found.workspaceFolder.uri),
  workspaceFolder: found.workspaceFolder.uri.fsPath,
  ...(choices.runName !== undefined && { runName: choices.runName }),
  ...(debug !== undefined && { debug }),
});

const requireWritable = (store: StoreConnection): StoreConnection => {
  if (store.state.kind === 'ready' && store.state.readOnlyReason !== undefined) {
    throw new MlflowError('PERMISSION_DENIED', `Runs cannot be logged to ${store.label}: ${store.state.readOnlyReason}`);
  }
  return store;
};

/** Undefined when there is no Python to run with, which the user has been told. */
const planPython = async (found: FoundProject, manager: EnvironmentManager, interpreters: Interpreters): Promise<EnvironmentPlan | undefined> => {
  const { environment } = found.project;
  const place = placeOfInterpreter(found);
  if (environment.kind === 'docker') return undefined;
  if (manager === 'local' || environment.kind === 'none') {
    const interpreter = await interpreters.findReady(place);
    return interpreter === undefined ? undefined : { manager: 'local', interpreter: interpreter.path };
  }
  const running = await interpreters.findRunning(place);
  if (running !== undefined && manager === 'conda') return { manager, file: requireCondaFile(environment), interpreter: running.path };
  return running === undefined || manager === 'conda' ? undefined : { manager, source: environment, currentPython: running.version, interpreter: running.path };
};

/** What was cloned is run by the workspace's Python. */
export const placeOfInterpreter = ({ project, workspaceFolder, source }: FoundProject): string =>
  source === undefined ? project.directory : workspaceFolder.uri.fsPath;
