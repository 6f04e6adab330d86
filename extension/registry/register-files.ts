import { uploadArtifact, type UploadedFile } from '../artifacts/run-upload.ts';
import type { ExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { appendToLocation } from '../tracking/artifact-uri.ts';
import type { Run } from '../tracking/run.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegistryStore } from './registry-store.ts';

export interface FilesToRegister {
  readonly name: string;
  readonly description?: string;
  readonly files: readonly UploadedFile[];
  /** What the run that gets the files is called. */
  readonly runName: string;
  readonly onFile: (file: UploadedFile) => void;
}

/** The experiment that MLflow makes in every store. */
const homeName = 'Default';
const folderName = 'model';

/**
 * A version has its files in a run's artifacts: MLflow takes local ones from nowhere else. The run is made for
 * it; when anything fails, the run is deleted and no version is there.
 */
export const registerFiles = async (
  connection: StoreConnection,
  registry: RegistryStore,
  { name, description, files, runName, onFile }: FilesToRegister,
  signal?: AbortSignal,
): Promise<ModelVersion> => {
  const { tracking } = connection;
  const run = await tracking.createRun({ experimentId: await findHome(connection), runName, startTime: Date.now(), tags: [] });
  const { runId, artifactUri } = run.info;
  try {
    await uploadAll(connection, run, files, onFile, signal);
    const source = appendToLocation(artifactUri, folderName);
    const version = await registry.createModelVersion({ name, source, runId, ...(description !== undefined && { description }) });
    await tracking.updateRun({ runId, status: 'FINISHED', endTime: Date.now() });
    return version;
  } catch (error) {
    await tracking.updateRun({ runId, status: 'FAILED', endTime: Date.now() });
    await tracking.deleteRun(runId);
    throw error;
  }
};

const uploadAll = async (
  connection: StoreConnection,
  { info }: Run,
  files: readonly UploadedFile[],
  onFile: FilesToRegister['onFile'],
  signal?: AbortSignal,
): Promise<void> => {
  const target = { http: connection.http, runId: info.runId, artifactUri: info.artifactUri, isOurs: connection.address.kind !== 'server' };
  for (const file of files) {
    signal?.throwIfAborted();
    onFile(file);
    await uploadArtifact(target, { ...file, path: `${folderName}/${file.path}` }, signal);
  }
};

const findHome = async ({ tracking }: StoreConnection): Promise<ExperimentId> => {
  try {
    return (await tracking.getExperimentByName(homeName)).experimentId;
  } catch (error) {
    if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return await tracking.createExperiment({ name: homeName });
    throw error;
  }
};
