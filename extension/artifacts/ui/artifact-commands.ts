import * as vscode from 'vscode';

import { type ArtifactReference, type CommandId, type RegisterCommand } from '../../host/commands.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import { explainArtifactFailure } from '../../tracking/artifact-failure.ts';
import { artifactOf, type ChoosingOptions } from './choose-artifact.ts';
import { compareArtifact } from './compare-artifact.ts';
import { downloadArtifact } from './download-artifact.ts';
import { openArtifact } from './open-artifact.ts';
import { revealArtifact } from './reveal-artifact.ts';
import { storeOf } from './store-of-run.ts';

export interface ArtifactsOptions extends ChoosingOptions {
  readonly register: RegisterCommand;
}

type ArtifactCommand = Extract<CommandId, `mlflow.artifacts.${string}`>;

/** What can be done with the files of runs. */
export const registerArtifactCommands = (options: ArtifactsOptions): Disposable => {
  const owned = new Disposables();
  const on = (id: ArtifactCommand, title: string, run: (reference: ArtifactReference) => Promise<void>): void => {
    owned.own(
      options.register(id, async (target?: unknown) => {
        const reference = await artifactOf(options, target, title);
        if (reference !== undefined) await explained(options, reference, () => run(reference));
      }),
    );
  };
  on('mlflow.artifacts.open', 'Open Artifact', openArtifact);
  on('mlflow.artifacts.download', 'Download Artifact', (reference) => downloadArtifact(storeOf(options.stores, reference.run), reference));
  on('mlflow.artifacts.reveal', 'Reveal Artifact', (reference) => revealArtifact(storeOf(options.stores, reference.run), reference));
  on('mlflow.artifacts.compare', 'Compare Artifact', (reference) => compareArtifact(options, reference));
  on('mlflow.artifacts.copyPath', 'Copy Artifact Path', async ({ path }) => vscode.env.clipboard.writeText(path));
  return owned;
};

/** Whoever cannot read an artifact learns where it is, and what would help. */
const explained = async (options: ArtifactsOptions, { run }: ArtifactReference, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    const { message, advice } = await explainArtifactFailure(storeOf(options.stores, run), run.runId, error);
    throw new MlflowError(error.code, advice === undefined ? errorMessage(error) : `${message} ${advice}`, { cause: error });
  }
};
