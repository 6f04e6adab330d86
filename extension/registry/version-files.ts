import type { WireFileInfo } from '../../schemas/rest-api.ts';
import type { ArtifactRepository, FileInfo } from '../artifacts/artifact-repository.ts';
import { MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';
import { splitUri } from '../shared/uri.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import { parseModelUri } from './model-uri.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegistryStore } from './registry-store.ts';

/** A store as far as files of its versions are read. */
export interface FilesOf {
  readonly http: HttpClient;
  readonly tracking: TrackingStore;
  readonly artifacts: ArtifactRepository;
  readonly registry: RegistryStore;
}

export type VersionName = Pick<ModelVersion, 'name' | 'version'>;

/** One file, by its path below the model's folder; every MLflow server has this route. */
export const openVersionFile = ({ http }: FilesOf, { name, version }: VersionName, path: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> =>
  http.stream({ method: 'GET', path: '/model-versions/get-artifact', query: { name, version, path }, signal });

type ListFolder = (folder: string) => Promise<readonly FileInfo[]>;

/** All files of a version, by their paths below the model's folder. No route of MLflow lists them: where they are has to be found out. */
export const listVersionFiles = async (store: FilesOf, version: ModelVersion, signal?: AbortSignal): Promise<readonly FileInfo[]> => {
  const list = await listerOf(store, version, signal);
  const files: FileInfo[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const child of await list(folder)) {
      if (child.isDirectory) folders.push(child.path);
      else files.push(child);
    }
  }
  if (files.length > 0) return files;
  throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The files of ${version.name} version ${version.version} are gone: there is nothing at ${version.source}`);
};

const mostCopies = 20;

const listerOf = async (store: FilesOf, version: ModelVersion, signal?: AbortSignal, depth = 0): Promise<ListFolder> => {
  const { source } = version;
  if (splitUri(source).scheme !== 'models') return await listerOfRun(store, version, signal);
  const uri = parseModelUri(source);
  if (uri.kind === 'logged-model') return (folder) => listLoggedModel(store, uri.modelId, folder, signal);
  if (uri.kind !== 'version' || depth >= mostCopies) throw notListed(version);
  return await listerOf(store, await store.registry.getModelVersion(uri.name, uri.version, signal), signal, depth + 1);
};

const listLoggedModel = async ({ http }: FilesOf, modelId: string, folder: string, signal?: AbortSignal): Promise<readonly FileInfo[]> => {
  const path = `/api/2.0/mlflow/logged-models/${encodeURIComponent(modelId)}/artifacts/directories`;
  const reply = await http.json({ method: 'GET', path, query: { artifact_directory_path: folder === '' ? undefined : folder }, signal });
  return ((reply['files'] ?? []) as readonly WireFileInfo[]).map(({ path: file, is_dir, file_size }) => ({
    path: file,
    isDirectory: is_dir,
    ...(file_size !== undefined && { size: Number(file_size) }),
  }));
};

const listerOfRun = async ({ tracking, artifacts }: FilesOf, version: ModelVersion, signal?: AbortSignal): Promise<ListFolder> => {
  const { source, runId } = version;
  if (runId === undefined || runId === '') throw notListed(version);
  const { artifactUri } = (await tracking.getRun(runId, signal)).info;
  const base = baseIn(source, `runs:/${runId}`) ?? baseIn(source, artifactUri);
  if (base === undefined) throw notListed(version);
  const prefix = base === '' ? '' : `${base}/`;
  return async (folder) =>
    (await artifacts.listArtifacts(runId, (prefix + folder).replace(/\/$/, '') || undefined, signal)).map((file) => ({
      ...file,
      path: file.path.slice(prefix.length),
    }));
};

/** The path of a source below a run's artifacts; undefined when it lies elsewhere. */
const baseIn = (source: string, root: string): string | undefined => {
  const [inside, outer] = [source, root].map((text) => text.replace(/^file:\/\/(?=\/)/, '').replace(/\/+$/, '')) as [string, string];
  if (inside === outer) return '';
  return inside.startsWith(`${outer}/`) ? inside.slice(outer.length + 1) : undefined;
};

const notListed = ({ name, version, source }: ModelVersion): MlflowError =>
  new MlflowError(
    'NOT_IMPLEMENTED',
    `The files of ${name} version ${version} are at ${source}, which belongs to no run or logged model of its store: MLflow's server cannot list them`,
  );
