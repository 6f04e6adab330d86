import { executeCommand } from '../../host/commands.ts';
import { registerOnDemand } from '../../host/on-demand.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { ArtifactsOptions } from './artifact-commands.ts';
import { registerArtifactFiles } from './artifact-files.ts';
import type { ArtifactActions } from './run-artifacts-part.ts';

/** The files of runs as documents of the editor, and what can be done with them. */
export const registerArtifacts = (options: ArtifactsOptions): Disposable => {
  const owned = new Disposables();
  owned.own(registerArtifactFiles(options.stores));
  owned.own(registerOnDemand(options.register, artifactCommands, async (register) => await load({ ...options, register })));
  return owned;
};

const artifactCommands = [
  'mlflow.artifacts.open',
  'mlflow.artifacts.download',
  'mlflow.artifacts.reveal',
  'mlflow.artifacts.compare',
  'mlflow.artifacts.copyPath',
] as const;

const load = async (options: ArtifactsOptions): Promise<Disposable> => (await import('./artifact-commands.ts')).registerArtifactCommands(options);

/** What the tab of a run's page asks for. */
export const artifactActions: ArtifactActions = {
  act: async (command, artifact) => await executeCommand(`mlflow.artifacts.${command}`, artifact),
  allowFolders: async () => await executeCommand('mlflow.tracking.allowArtifactFolders'),
};
