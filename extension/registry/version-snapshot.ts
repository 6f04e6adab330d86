import { directionsIn, type DirectionOf } from '../../schemas/metric-direction.ts';
import { readMlmodel } from '../../schemas/mlmodel.ts';
import type { ModelSignature } from '../../schemas/model-signature.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { Run } from '../tracking/run.ts';
import type { GateSubject } from './gate-evaluation.ts';
import type { ModelVersion } from './model-version.ts';
import { openVersionFile, type FilesOf, type VersionName } from './version-files.ts';

/** A version with what it is compared by. */
export interface VersionSnapshot extends GateSubject {
  readonly version: ModelVersion;
  /** Undefined when it was made by none, or when that is gone. */
  readonly run: Run | undefined;
  readonly params: ReadonlyMap<string, string>;
  /** Text of its requirements.txt; empty when there is none. */
  readonly requirements: string;
  /** What could not be read, in sentences. */
  readonly notes: readonly string[];
}

/** MLflow's own files have a few kilobytes; a larger one is no such file (bytes). */
const largestText = 2_000_000;

export const readSnapshot = async (store: FilesOf, name: VersionName, signal?: AbortSignal): Promise<VersionSnapshot> => {
  const version = await store.registry.getModelVersion(name.name, name.version, signal);
  const [run, { signature, notes }, requirements] = await Promise.all([
    readRun(store, version, signal),
    readVersionSignature(store, version, signal),
    readText(store, version, 'requirements.txt', signal),
  ]);
  const directionOf = await readDirections(store, run, signal);
  return {
    version,
    run,
    metrics: new Map(run?.latestMetrics.map(({ key, value }) => [key, value])),
    params: new Map(run?.params.map(({ key, value }) => [key, value])),
    tags: version.tags,
    directionOf,
    signature,
    requirements: typeof requirements === 'string' ? requirements : '',
    notes,
  };
};

const readRun = async ({ tracking }: FilesOf, { runId }: ModelVersion, signal?: AbortSignal): Promise<Run | undefined> => {
  if (runId === undefined || runId === '') return undefined;
  try {
    return await tracking.getRun(runId, signal);
  } catch (error) {
    if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
};

/** What people have said of metrics is kept with the experiment, which may be gone. */
const readDirections = async ({ tracking }: FilesOf, run: Run | undefined, signal?: AbortSignal): Promise<DirectionOf> => {
  if (run === undefined) return directionsIn([]);
  try {
    return directionsIn((await tracking.getExperiment(run.info.experimentId, signal)).tags);
  } catch (error) {
    if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return directionsIn([]);
    throw error;
  }
};

interface Unreadable {
  readonly problem: string;
}

/** A version may outlive its files, and a server may not reach them. */
const readText = async (store: FilesOf, version: VersionName, path: string, signal?: AbortSignal): Promise<string | Unreadable> => {
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of await openVersionFile(store, version, path, signal)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > largestText) return { problem: `its ${path} is larger than ${largestText / 1e6} MB` };
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    signal?.throwIfAborted();
    return { problem: errorMessage(error) };
  }
};

export interface VersionSignature {
  /** Undefined when the model has none, and when that cannot be read. */
  readonly signature: ModelSignature | undefined;
  /** What could not be read, in sentences. */
  readonly notes: readonly string[];
}

export const readVersionSignature = async (store: FilesOf, version: VersionName, signal?: AbortSignal): Promise<VersionSignature> => {
  const model = await readText(store, version, 'MLmodel', signal);
  const subject = `The MLmodel of ${version.name} version ${version.version}`;
  if (typeof model !== 'string') return { signature: undefined, notes: [`${subject} cannot be read: ${model.problem}`] };
  const { value, problems } = readMlmodel(model);
  const [problem] = problems;
  return { signature: value.signature, notes: problem === undefined ? [] : [`${subject} has a problem: ${problem.message}`] };
};
