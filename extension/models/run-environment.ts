import { packagesOf, type EnvironmentTexts, type Packages } from '../../schemas/environment-difference.ts';
import type { RunId } from '../../schemas/ids.ts';
import { modelsOfRun, type RegistrableModel } from '../registry/run-models.ts';
import { createRestLoggedModelStore } from '../tracking/rest-logged-model-store.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';
import type { ModelFiles } from './model-files.ts';
import { openStoreModel, runFiles } from './store-model-files.ts';

export interface RunEnvironment {
  /** Undefined: the run's own artifacts name it; else that of its model of this name. */
  readonly model?: string;
  readonly packages: Packages;
}

type Store = Pick<StoreConnection, 'http' | 'artifacts' | 'tracking'>;

const names = { requirements: 'requirements.txt', conda: 'conda.yaml', pythonEnv: 'python_env.yaml' } as const;

/** The environment that a run names: in its artifacts, or in the first of its models that has one. Undefined when there is none. */
export const readRunEnvironment = async (store: Store, runId: RunId, signal?: AbortSignal): Promise<RunEnvironment | undefined> => {
  const own = await readEnvironment(runFiles(store, runId, ''), signal);
  if (own !== undefined) return { packages: own };
  const run = await store.tracking.getRun(runId, signal);
  const loggedModels = createRestLoggedModelStore(store.http);
  for (const model of await modelsOfRun(run, { artifacts: store.artifacts, loggedModels }, signal)) {
    const { files } = await openStoreModel(store, uriOf(model, runId), signal);
    const packages = await readEnvironment(files, signal);
    if (packages !== undefined) return { model: model.label, packages };
  }
  return undefined;
};

/** Folders of the run are known by their paths: where a store keeps them is its own business. */
const uriOf = ({ modelId, label }: RegistrableModel, runId: RunId): string => (modelId === undefined ? `runs:/${runId}/${label}` : `models:/${modelId}`);

const readEnvironment = async (files: ModelFiles, signal?: AbortSignal): Promise<Packages | undefined> => {
  const read = async (name: string): Promise<string | undefined> => await files.read(name, signal);
  const [requirements, conda, pythonEnv] = await Promise.all([read(names.requirements), read(names.conda), read(names.pythonEnv)]);
  const packages = packagesOf({ requirements, pythonEnv, ...(requirements === undefined && { conda }) } satisfies EnvironmentTexts);
  return packages.size === 0 ? undefined : packages;
};
