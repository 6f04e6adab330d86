import type { CommandId } from './commands.ts';
import type { Settings } from './settings.ts';

/**
 * What package.json contributes, as data that the architecture test compares with it. `item` commands
 * need a tree item and are hidden from the palette.
 */
export const contributedCommands: Readonly<Record<CommandId, 'palette' | 'item'>> = {
  'mlflow.tracking.refresh': 'palette',
  'mlflow.tracking.createLocalStore': 'palette',
  'mlflow.tracking.openStore': 'palette',
  'mlflow.tracking.showStores': 'palette',
  'mlflow.tracking.signIn': 'palette',
  'mlflow.tracking.diagnoseStore': 'palette',
  'mlflow.tracking.retryStore': 'item',
  'mlflow.tracking.convertStore': 'palette',
  'mlflow.tracking.allowArtifactFolders': 'palette',
  'mlflow.tracking.makeStoreFaster': 'palette',
  'mlflow.tracking.upgradeStore': 'palette',
  'mlflow.tracking.startServer': 'palette',
  'mlflow.tracking.showServerLog': 'palette',
  'mlflow.tracking.showMoreRuns': 'item',
  'mlflow.tracking.openRun': 'palette',
  'mlflow.tracking.compareRuns': 'palette',
  'mlflow.tracking.compareCheckedRuns': 'palette',
  'mlflow.tracking.compareExperiment': 'item',
  'mlflow.tracking.openRuns': 'palette',
  'mlflow.tracking.compareWithPrevious': 'item',
  'mlflow.tracking.addToComparison': 'item',
  'mlflow.tracking.openLayoutAsText': 'item',
  'mlflow.tracking.uncheckRuns': 'palette',
  'mlflow.tracking.copyRunId': 'item',
  'mlflow.tracking.createExperiment': 'palette',
  'mlflow.tracking.renameExperiment': 'item',
  'mlflow.tracking.deleteExperiments': 'item',
  'mlflow.tracking.restoreExperiments': 'palette',
  'mlflow.tracking.renameRun': 'item',
  'mlflow.tracking.markFailed': 'item',
  'mlflow.tracking.deleteRuns': 'item',
  'mlflow.tracking.restoreRuns': 'palette',
  'mlflow.tracking.setTag': 'item',
  'mlflow.tracking.removeTags': 'item',
  'mlflow.tracking.deletePermanently': 'palette',
  'mlflow.tracking.goToRun': 'palette',
  'mlflow.tracking.goToExperiment': 'palette',
  'mlflow.artifacts.open': 'palette',
  'mlflow.artifacts.download': 'palette',
  'mlflow.artifacts.reveal': 'palette',
  'mlflow.artifacts.compare': 'palette',
  'mlflow.artifacts.copyPath': 'palette',
  'mlflow.tracking.logToServer': 'palette',
  'mlflow.tracking.insertTrackingCell': 'palette',
  'mlflow.tracking.addToEnvFile': 'palette',
  'mlflow.registry.refresh': 'palette',
  'mlflow.registry.searchModels': 'palette',
  'mlflow.registry.clearSearch': 'palette',
  'mlflow.registry.sortModels': 'palette',
  'mlflow.registry.showMore': 'item',
  'mlflow.registry.copyUri': 'item',
  'mlflow.registry.registerModel': 'palette',
  'mlflow.registry.registerFolder': 'palette',
  'mlflow.registry.createModel': 'palette',
  'mlflow.registry.renameModel': 'item',
  'mlflow.registry.deleteModels': 'item',
  'mlflow.registry.deleteVersions': 'item',
  'mlflow.registry.setAlias': 'item',
  'mlflow.registry.removeAliases': 'item',
  'mlflow.registry.transitionStage': 'item',
  'mlflow.registry.editDescription': 'item',
  'mlflow.registry.setTag': 'item',
  'mlflow.registry.removeTags': 'item',
  'mlflow.registry.copyVersion': 'item',
  'mlflow.registry.downloadVersion': 'item',
  'mlflow.registry.promoteVersion': 'item',
  'mlflow.registry.compareVersions': 'item',
  'mlflow.registry.compareWithPreviousVersion': 'item',
  'mlflow.registry.compareRuns': 'item',
  'mlflow.registry.openRun': 'item',
  'mlflow.registry.showHistory': 'item',
  'mlflow.registry.exportHistory': 'item',
  'mlflow.registry.openModel': 'item',
  'mlflow.projects.runEntryPoint': 'palette',
  'mlflow.projects.runEntryPointWith': 'palette',
  'mlflow.projects.debugEntryPoint': 'palette',
  'mlflow.projects.runLastEntryPoint': 'palette',
  'mlflow.projects.runAgain': 'item',
  'mlflow.projects.runGitProject': 'palette',
  'mlflow.projects.createProject': 'palette',
  'mlflow.projects.stopRun': 'palette',
  'mlflow.projects.showRunOutput': 'palette',
  'mlflow.projects.selectInterpreter': 'palette',
  'mlflow.projects.explainEnvironment': 'palette',
  'mlflow.models.serve': 'palette',
  'mlflow.models.serveWith': 'palette',
  'mlflow.models.open': 'palette',
  'mlflow.models.copySnippet': 'palette',
  'mlflow.models.predictFile': 'palette',
  'mlflow.models.generateDockerfile': 'palette',
  'mlflow.models.exportFolder': 'palette',
  'mlflow.models.openServer': 'item',
  'mlflow.models.restartServer': 'item',
  'mlflow.models.keepServer': 'item',
  'mlflow.restartLanguageServer': 'palette',
  'mlflow.serving.stop': 'palette',
  'mlflow.serving.copyAddress': 'item',
  'mlflow.serving.copyMore': 'item',
  'mlflow.showLog': 'palette',
  'mlflow.copyDiagnostics': 'palette',
};

/** `restricted` settings name programs, files or servers: an untrusted workspace cannot set them. */
export const contributedSettings: Readonly<Record<keyof Settings, 'restricted' | 'free'>> = {
  'mlflow.stores': 'restricted',
  'mlflow.pythonPath': 'restricted',
  'mlflow.experiments.metrics': 'free',
  'mlflow.tracking.environment': 'free',
  'mlflow.projects.logOutput': 'free',
  'mlflow.serving.variables': 'restricted',
};

export const contributedViews = ['mlflow.experiments', 'mlflow.registry', 'mlflow.projects', 'mlflow.serving'] as const;
export type ViewId = (typeof contributedViews)[number];

/** View types of the pages that come back after a restart (`onWebviewPanel:…`). */
export const contributedPages = [
  'mlflow.compare',
  'mlflow.model',
  'mlflow.registeredModel',
  'mlflow.run',
  'mlflow.runForm',
  'mlflow.runs',
  'mlflow.serve',
] as const;
export type PageType = (typeof contributedPages)[number];

/** Editors of files, which VS Code opens by the file's name. */
export const contributedEditors = ['mlflow.compareLayout'] as const;
export type EditorType = (typeof contributedEditors)[number];

/** Our debugger, started as `python -m debugpy.adapter`. */
export const ownDebugType = 'mlflow-python';
