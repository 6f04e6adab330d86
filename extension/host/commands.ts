import * as vscode from 'vscode';

import type { RunId, StoreId } from '../../schemas/ids.ts';
import type { Disposable } from '../shared/disposables.ts';

export interface RunReference {
  readonly storeId: StoreId;
  readonly runId: RunId;
}

/** A file or folder of a run. */
export interface ArtifactReference {
  readonly run: RunReference;
  /** Relative to the run's artifacts, with `/`; empty for all of them. */
  readonly path: string;
}

export interface EntryPointReference {
  /** What `mlflow run` would be given: a folder, or a git address. */
  readonly uri: string;
  readonly version?: string;
  readonly entryPoint: string;
}

/**
 * Every command with its arguments, so that both ends of a call are checked. Arguments are optional
 * when the palette can start the command; a tree hands its item first and the whole selection second.
 */
export interface Commands {
  'mlflow.tracking.refresh': () => void;
  'mlflow.tracking.createLocalStore': () => void;
  /** Copies the example, with recorded runs. */
  'mlflow.tracking.createSample': () => void;
  'mlflow.tracking.openStore': () => void;
  'mlflow.tracking.showStores': () => void;
  'mlflow.tracking.signIn': (item?: unknown) => void;
  'mlflow.tracking.diagnoseStore': (item?: unknown) => void;
  'mlflow.tracking.retryStore': (item: unknown) => void;
  'mlflow.tracking.connectStore': (item: unknown) => void;
  'mlflow.tracking.convertStore': (item?: unknown) => void;
  'mlflow.tracking.allowArtifactFolders': (item?: unknown) => void;
  'mlflow.tracking.makeStoreFaster': (item?: unknown) => void;
  'mlflow.tracking.upgradeStore': (item?: unknown) => void;
  'mlflow.tracking.startServer': (item?: unknown) => void;
  'mlflow.tracking.showServerLog': () => void;
  'mlflow.tracking.showMoreRuns': (item: unknown) => void;
  /** Of a run that a row, a page or a notification names; asks which one otherwise. */
  'mlflow.tracking.openRun': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.compareRuns': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.compareCheckedRuns': () => void;
  /** Of an experiment, or of all experiments in a folder. */
  'mlflow.tracking.compareExperiment': (clicked?: unknown, selected?: readonly unknown[]) => void;
  /** Of experiments, or of all experiments in a folder, in a table. */
  'mlflow.tracking.openRuns': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.compareWithPrevious': (item?: unknown) => void;
  /** To the page that was opened last. */
  'mlflow.tracking.addToComparison': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.openLayoutAsText': (uri?: vscode.Uri) => void;
  'mlflow.tracking.uncheckRuns': () => void;
  'mlflow.tracking.copyRunId': (clicked: unknown, selected?: readonly unknown[]) => void;
  /** Of a run or an experiment, for an editor with this extension. */
  'mlflow.tracking.copyLink': (item: unknown) => void;
  /** Of a server, or what is on it. */
  'mlflow.tracking.openInMlflow': (item: unknown) => void;
  'mlflow.tracking.addFavourite': (clicked: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.removeFavourite': (clicked: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.createExperiment': (item?: unknown) => void;
  'mlflow.tracking.renameExperiment': (item: unknown) => void;
  'mlflow.tracking.deleteExperiments': (clicked: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.restoreExperiments': () => void;
  'mlflow.tracking.renameRun': (item?: unknown) => void;
  'mlflow.tracking.markFailed': (clicked: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.deleteRuns': (clicked?: unknown, selected?: readonly unknown[]) => void;
  /** The palette asks which. */
  'mlflow.tracking.restoreRuns': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.setTag': (clicked: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.removeTags': (clicked: unknown, selected?: readonly unknown[]) => void;
  'mlflow.tracking.deletePermanently': (item?: unknown) => void;
  /** Asks which one, unless it is handed a run. */
  'mlflow.tracking.goToRun': (item?: unknown) => void;
  'mlflow.tracking.goToExperiment': () => void;
  /** Of an `ArtifactReference`, of a document of that scheme, or of what the user chooses. */
  'mlflow.artifacts.open': (target?: unknown) => void;
  'mlflow.artifacts.download': (target?: unknown) => void;
  'mlflow.artifacts.reveal': (target?: unknown) => void;
  /** With the same file of another run, which the user chooses. */
  'mlflow.artifacts.compare': (target?: unknown) => void;
  'mlflow.artifacts.copyPath': (target?: unknown) => void;
  /** Whether terminals, tasks and debug sessions of a folder log to its server. */
  'mlflow.tracking.logToServer': () => void;
  'mlflow.tracking.insertTrackingCell': () => void;
  'mlflow.tracking.addToEnvFile': () => void;
  'mlflow.registry.refresh': () => void;
  'mlflow.registry.searchModels': () => void;
  'mlflow.registry.clearSearch': () => void;
  'mlflow.registry.sortModels': () => void;
  'mlflow.registry.showMore': (item: unknown) => void;
  'mlflow.registry.copyUri': (item: unknown) => void;
  /** Of a run's row, of a logged model or run that `{ storeId, modelUri }` names, or of what the user chooses. */
  'mlflow.registry.registerModel': (item?: unknown) => void;
  /** A menu of the explorer hands the folder. */
  'mlflow.registry.registerFolder': (folder?: vscode.Uri) => void;
  'mlflow.registry.createModel': (item?: unknown) => void;
  'mlflow.registry.renameModel': (item?: unknown) => void;
  'mlflow.registry.deleteModels': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.registry.deleteVersions': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.registry.setAlias': (item?: unknown) => void;
  'mlflow.registry.removeAliases': (item?: unknown) => void;
  'mlflow.registry.transitionStage': (item?: unknown) => void;
  'mlflow.registry.editDescription': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.registry.setTag': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.registry.removeTags': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.registry.copyVersion': (item?: unknown) => void;
  'mlflow.registry.downloadVersion': (item?: unknown) => void;
  'mlflow.registry.promoteVersion': (item?: unknown) => void;
  'mlflow.registry.compareVersions': (clicked?: unknown, selected?: readonly unknown[]) => void;
  'mlflow.registry.compareWithPreviousVersion': (item?: unknown) => void;
  'mlflow.registry.compareRuns': (clicked?: unknown, selected?: readonly unknown[]) => void;
  /** Of the run that made a version. */
  'mlflow.registry.openRun': (item?: unknown) => void;
  'mlflow.registry.showHistory': (item?: unknown) => void;
  'mlflow.registry.exportHistory': (item?: unknown) => void;
  'mlflow.registry.openModel': (item?: unknown) => void;
  /** Menus of editors and of the explorer hand the URI of an MLproject file, a script or a folder. */
  'mlflow.projects.runEntryPoint': (target?: EntryPointReference | vscode.Uri) => void;
  'mlflow.projects.runEntryPointWith': (target?: EntryPointReference | vscode.Uri) => void;
  'mlflow.projects.debugEntryPoint': (target?: EntryPointReference | vscode.Uri) => void;
  'mlflow.projects.runLastEntryPoint': () => void;
  'mlflow.projects.runAgain': (item: unknown) => void;
  'mlflow.projects.applyParams': (item: unknown) => void;
  'mlflow.projects.runGitProject': () => void;
  /** A menu of the explorer hands the folder. */
  'mlflow.projects.createProject': (folder?: vscode.Uri) => void;
  'mlflow.projects.stopRun': (item?: unknown) => void;
  'mlflow.projects.showRunOutput': (item?: unknown) => void;
  'mlflow.projects.selectInterpreter': () => void;
  'mlflow.projects.explainEnvironment': () => void;
  /** A model's address and store, the URI of an MLmodel file or of its folder, or a row that stands for a run. */
  'mlflow.models.serve': (target?: unknown) => void;
  'mlflow.models.serveWith': (target?: unknown) => void;
  'mlflow.models.open': (target?: unknown) => void;
  /** The page of the model or run that a link in an MLproject names, by the active store of the file's folder. */
  'mlflow.models.openAddress': (link?: unknown) => void;
  'mlflow.models.copySnippet': (target?: unknown) => void;
  'mlflow.models.predictFile': (target?: unknown) => void;
  'mlflow.models.generateDockerfile': (target?: unknown) => void;
  'mlflow.models.buildImage': (target?: unknown) => void;
  'mlflow.models.exportFolder': (target?: unknown) => void;
  'mlflow.models.openServer': (item: unknown) => void;
  'mlflow.models.restartServer': (item: unknown) => void;
  'mlflow.models.keepServer': (item: unknown) => void;
  'mlflow.restartLanguageServer': () => void;
  'mlflow.serving.stop': (item?: unknown) => void;
  'mlflow.serving.copyAddress': (item: unknown) => void;
  'mlflow.serving.copyMore': (item: unknown) => void;
  'mlflow.showLog': () => void;
  'mlflow.copyDiagnostics': () => void;
}

export type CommandId = keyof Commands;

/** Registers a command; what it throws becomes a notification with *Show Log*. */
export type RegisterCommand = <Name extends CommandId>(id: Name, run: (...args: Parameters<Commands[Name]>) => unknown) => Disposable;

export const executeCommand = async <Name extends CommandId>(id: Name, ...args: Parameters<Commands[Name]>): Promise<void> => {
  await vscode.commands.executeCommand(id, ...args);
};

export const createRegisterCommand =
  (reportError: (error: unknown) => void): RegisterCommand =>
  (id, run) =>
    vscode.commands.registerCommand(id, async (...args) => {
      try {
        await run(...(args as Parameters<typeof run>));
      } catch (error) {
        reportError(error);
      }
    });
