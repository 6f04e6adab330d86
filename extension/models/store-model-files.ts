import { dirname } from 'node:path/posix';

import type { ModelId, RunId } from '../../schemas/ids.ts';
import type { WireFileInfo } from '../../schemas/rest-api.ts';
import { parseModelUri, type ModelUri } from '../registry/model-uri.ts';
import type { ModelVersion } from '../registry/model-version.ts';
import { createRestRegistryStore } from '../registry/rest-registry-store.ts';
import { stages } from '../registry/stage.ts';
import { MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';
import { createRestLoggedModelStore } from '../tracking/rest-logged-model-store.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';
import { collectText, isInside, type ModelFile, type ModelFiles } from './model-files.ts';

/** What a model of a store is made of, by its own account. */
export interface StoreModel {
  readonly files: ModelFiles;
  readonly modelId?: ModelId;
  readonly runId?: RunId;
  readonly version?: ModelVersion;
}

type Store = Pick<StoreConnection, 'http' | 'artifacts' | 'tracking'>;

/** Follows `models:/…` and `runs:/…` to where the files are. */
export const openStoreModel = async (store: Store, modelUri: string, signal?: AbortSignal): Promise<StoreModel> => {
  const uri = parseModelUri(modelUri);
  switch (uri.kind) {
    case 'logged-model':
      return await openLoggedModel(store, uri.modelId, signal);
    case 'run':
      return await openRunModel(store, uri.runId, uri.path, signal);
    default:
      return await openVersion(store, await findVersion(store, uri, signal), signal);
  }
};

/** The version that the address of a registered model stands for now. */
export const findVersionOf = async (store: Store, modelUri: string, signal?: AbortSignal): Promise<ModelVersion> => {
  const uri = parseModelUri(modelUri);
  if (uri.kind !== 'logged-model' && uri.kind !== 'run') return await findVersion(store, uri, signal);
  throw new MlflowError('INVALID_PARAMETER_VALUE', `${modelUri} is no registered model`);
};

const openLoggedModel = async (store: Store, modelId: ModelId, signal?: AbortSignal): Promise<StoreModel> => {
  const { sourceRunId } = await createRestLoggedModelStore(store.http).getLoggedModel(modelId, {}, signal);
  return { files: loggedModelFiles(store.http, modelId), modelId, ...(sourceRunId !== undefined && { runId: sourceRunId }) };
};

/** Since MLflow 3 the model that a run has logged under a name is not among the run's own artifacts. */
const openRunModel = async (store: Store, runId: RunId, path: string, signal?: AbortSignal): Promise<StoreModel> => {
  const files = runFiles(store, runId, path);
  if ((await files.read('MLmodel', signal)) !== undefined) return { files, runId };
  const { info } = await store.tracking.getRun(runId, signal);
  const filter = `source_run_id = '${runId.replaceAll("'", "''")}' AND name = '${path.replaceAll("'", "''")}'`;
  const search = { experimentIds: [info.experimentId], filter, maxResults: 1 };
  const [model] = (await createRestLoggedModelStore(store.http).searchLoggedModels(search, signal)).items;
  return model === undefined ? { files, runId } : { files: loggedModelFiles(store.http, model.modelId), modelId: model.modelId, runId };
};

type RegisteredUri = Exclude<ModelUri, { kind: 'logged-model' | 'run' }>;

const findVersion = async ({ http }: Store, uri: RegisteredUri, signal?: AbortSignal): Promise<ModelVersion> => {
  const registry = createRestRegistryStore(http);
  if (uri.kind === 'version') return await registry.getModelVersion(uri.name, uri.version, signal);
  if (uri.kind === 'alias') return await registry.getModelVersionByAlias(uri.name, uri.alias, signal);
  const stage = uri.kind === 'stage' ? stages.find((known) => known.toLowerCase() === uri.stage.toLowerCase()) : undefined;
  const latest = await registry.getLatestVersions(uri.name, stage === undefined ? undefined : [stage], signal);
  const newest = latest.toSorted((a, b) => b.version - a.version)[0];
  // Only a version that is asked for by itself has its aliases.
  if (newest !== undefined && (uri.kind === 'latest' || stage !== undefined)) return await registry.getModelVersion(uri.name, newest.version, signal);
  throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `'${uri.name}' has no version${uri.kind === 'stage' ? ` in the stage '${uri.stage}'` : ''}`);
};

const openVersion = async (store: Store, version: ModelVersion, signal?: AbortSignal): Promise<StoreModel> => {
  const source = readSource(version.source);
  const origin = source?.kind === 'logged-model' ? await openLoggedModel(store, source.modelId, signal).catch(() => undefined) : undefined;
  return { ...(version.runId !== undefined && { runId: version.runId }), ...(origin ?? { files: versionFiles(store.http, version) }), version };
};

const readSource = (source: string): ModelUri | undefined => {
  try {
    return parseModelUri(source);
  } catch {
    return undefined;
  }
};

/** A folder of a run's artifacts; all of them when it is empty. */
export const runFiles = ({ artifacts }: Pick<Store, 'artifacts'>, runId: RunId, root: string): ModelFiles => {
  const below = (path: string): string => (root === '' ? path : `${root}/${path}`);
  return {
    read: async (path, signal) => await readOrNot(path, async () => await artifacts.downloadArtifact(runId, below(path), signal)),
    list: async (signal) =>
      await listAll(async (folder) => {
        const at = [root, folder].filter((part) => part !== '').join('/');
        const found = await artifacts.listArtifacts(runId, at === '' ? undefined : at, signal);
        return found.map((file) => ({ ...file, path: root === '' ? file.path : file.path.slice(root.length + 1) }));
      }),
  };
};

const loggedModelFiles = (http: HttpClient, modelId: ModelId): ModelFiles => {
  const id = encodeURIComponent(modelId);
  return {
    read: async (path, signal) =>
      await readOrNot(path, async () =>
        http.stream({ method: 'GET', path: `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`, query: { artifact_file_path: path }, signal }),
      ),
    list: async (signal) =>
      await listAll(async (folder) => {
        const query = folder === '' ? {} : { artifact_directory_path: folder };
        const reply = await http.json({ method: 'GET', path: `/api/2.0/mlflow/logged-models/${id}/artifacts/directories`, query, signal });
        return ((reply['files'] ?? []) as readonly WireFileInfo[]).map(({ path, is_dir, file_size }) => ({
          path,
          isDirectory: is_dir,
          ...(file_size !== undefined && { size: Number(file_size) }),
        }));
      }),
  };
};

/** MLflow lists no files of a version. */
const versionFiles = (http: HttpClient, { name, version }: ModelVersion): ModelFiles => ({
  read: async (path, signal) =>
    await readOrNot(path, async () => http.stream({ method: 'GET', path: '/model-versions/get-artifact', query: { name, version, path }, signal })),
  list: async () => undefined,
});

const readOrNot = async (path: string, download: () => Promise<AsyncIterable<Uint8Array>>): Promise<string | undefined> => {
  if (!isInside(path)) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${path}' is outside of the model's folder`);
  try {
    return await collectText(await download(), path);
  } catch (error) {
    if (error instanceof MlflowError && isAbsent(error)) return undefined;
    throw error;
  }
};

/** What servers of several releases say of a file that is not there. */
const isAbsent = ({ code, message }: MlflowError): boolean =>
  code === 'RESOURCE_DOES_NOT_EXIST' || code === 'ENDPOINT_NOT_FOUND' || /no such (artifact|file)|not found|does not exist/i.test(message);

interface Entry extends ModelFile {
  readonly isDirectory: boolean;
}

const mostFolders = 200;

const listAll = async (listFolder: (folder: string) => Promise<readonly Entry[]>): Promise<readonly ModelFile[]> => {
  const files: ModelFile[] = [];
  const pending = [''];
  for (let visited = 0; visited < mostFolders; visited += 1) {
    const folder = pending.shift();
    if (folder === undefined) return files;
    for (const { path, isDirectory, size } of await listFolder(folder)) {
      if (isDirectory && dirname(path) !== path) pending.push(path);
      else if (!isDirectory) files.push({ path, ...(size !== undefined && { size }) });
    }
  }
  return files;
};
