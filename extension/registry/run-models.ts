import { asModelId, type ModelId, type RunId } from '../../schemas/ids.ts';
import type { ArtifactRepository } from '../artifacts/artifact-repository.ts';
import { appendToLocation } from '../tracking/artifact-uri.ts';
import type { LoggedModel } from '../tracking/logged-model.ts';
import type { LoggedModelStore } from '../tracking/logged-model-store.ts';
import type { Run } from '../tracking/run.ts';

/** What can be registered of a run. */
export interface RegistrableModel {
  /** For people: the name of the logged model, or the folder in the artifacts. */
  readonly label: string;
  readonly source: string;
  readonly runId?: RunId;
  readonly modelId?: ModelId;
}

interface RunSources {
  readonly artifacts: ArtifactRepository;
  readonly loggedModels: LoggedModelStore;
}

/** Folders of a run's artifacts that are looked into for an MLmodel. */
const mostFolders = 30;

export const ofLoggedModel = ({ modelId, name, sourceRunId }: LoggedModel): RegistrableModel => ({
  label: name === '' ? modelId : name,
  source: `models:/${modelId}`,
  modelId,
  ...(sourceRunId !== undefined && sourceRunId !== '' && { runId: sourceRunId }),
});

/** Models that MLflow 3 has recorded, and folders with an MLmodel as MLflow 2 and others leave them. */
export const modelsOfRun = async (run: Run, { artifacts, loggedModels }: RunSources, signal?: AbortSignal): Promise<readonly RegistrableModel[]> => {
  const ids = [...new Set(run.modelOutputs.map(({ modelId }) => modelId))];
  const found = await Promise.allSettled(ids.map((modelId) => loggedModels.getLoggedModel(asModelId(modelId), {}, signal)));
  const recorded = found.flatMap((result) => (result.status === 'fulfilled' ? [ofLoggedModel(result.value)] : []));
  return [...recorded, ...(await modelFolders(run, artifacts, signal))];
};

const modelFolders = async ({ info }: Run, artifacts: ArtifactRepository, signal?: AbortSignal): Promise<readonly RegistrableModel[]> => {
  const { runId, artifactUri } = info;
  const folders = (await artifacts.listArtifacts(runId, undefined, signal)).filter(({ isDirectory }) => isDirectory).slice(0, mostFolders);
  const isModel = await Promise.all(
    folders.map(async ({ path }) => (await artifacts.listArtifacts(runId, path, signal)).some((file) => file.path === `${path}/MLmodel`)),
  );
  return folders.flatMap(({ path }, index) => (isModel[index] === true ? [{ label: path, source: appendToLocation(artifactUri, path), runId }] : []));
};
