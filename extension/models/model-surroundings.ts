import type { EnvironmentCheck, ModelSurroundings, ShownVersion } from '../../schemas/model-page.ts';
import { readMlmodel } from '../../schemas/mlmodel.ts';
import { checkRequirements } from '../../schemas/requirement-check.ts';
import { createRestRegistryStore } from '../registry/rest-registry-store.ts';
import { errorMessage } from '../shared/errors.ts';
import { installedPackages } from '../shared/installed-packages.ts';
import { checkInterpreter } from '../shared/interpreter.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';
import type { ModelFiles } from './model-files.ts';
import type { StoreModel } from './store-model-files.ts';

/** The model's packages against those of an interpreter. Nothing of the model is loaded. */
export const checkEnvironment = async (files: ModelFiles, interpreter: string, signal?: AbortSignal): Promise<EnvironmentCheck> => {
  const [model = '', requirements] = await Promise.all([files.read('MLmodel', signal), files.read('requirements.txt', signal)]);
  const check = await checkInterpreter(interpreter, signal);
  if (check.kind === 'broken') return { kind: 'unchecked', reason: `${interpreter} does not run: ${check.reason}` };
  const required = readMlmodel(model)
    .value.flavors.find(({ name }) => name === 'python_function')
    ?.values.get('python_version');
  const packages = checkRequirements(requirements ?? '', await installedPackages(interpreter, signal));
  return { kind: 'checked', interpreter, python: { installed: check.python, ...(required !== undefined && { required }) }, packages };
};

type Store = Pick<StoreConnection, 'http' | 'tracking'>;

/** What the store knows of the model besides its files. Whatever it cannot tell is left out. */
export const readOrigin = async (store: Store, origin: StoreModel, signal?: AbortSignal): Promise<Omit<ModelSurroundings, 'environment'>> => {
  const [run, versions] = await Promise.all([readRun(store, origin, signal), readVersions(store, origin, signal)]);
  return { ...(run !== undefined && { run }), versions };
};

const readRun = async ({ tracking }: Store, { runId }: StoreModel, signal?: AbortSignal): Promise<ModelSurroundings['run']> => {
  if (runId === undefined) return undefined;
  try {
    const { info, datasetInputs } = await tracking.getRun(runId, signal);
    return { runId, name: info.runName, datasets: datasetInputs.map(({ dataset }) => `${dataset.name} (${dataset.digest})`) };
  } catch (error) {
    signal?.throwIfAborted();
    return { runId, name: `${runId} (${errorMessage(error)})`, datasets: [] };
  }
};

const mostVersions = 100;

const readVersions = async (store: Store, { modelId, version, runId }: StoreModel, signal?: AbortSignal): Promise<readonly ShownVersion[]> => {
  const registry = createRestRegistryStore(store.http);
  try {
    const filter = runId === undefined ? `name = '${(version?.name ?? '').replaceAll("'", "''")}'` : `run_id = '${runId}'`;
    const { items } = await registry.searchModelVersions({ filter, maxResults: mostVersions }, signal);
    const own = items.filter(({ source, name, version: number }) => isOf(source, modelId) || (name === version?.name && number === version.version));
    // Searches leave the aliases out.
    const whole = await Promise.all(own.map(async ({ name, version: number }) => await registry.getModelVersion(name, number, signal)));
    return whole.map(({ name, version: number, aliases, currentStage }) => ({
      name,
      version: number,
      aliases,
      ...(currentStage !== undefined && currentStage !== 'None' && { stage: currentStage }),
    }));
  } catch {
    signal?.throwIfAborted();
    return [];
  }
};

const isOf = (source: string, modelId: string | undefined): boolean => modelId === undefined || source.includes(modelId);
