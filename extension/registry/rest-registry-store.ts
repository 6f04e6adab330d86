import type { WireModelVersion, WireRegisteredModel } from '../../schemas/rest-api.ts';
import type { HttpClient, HttpRequest } from '../shared/http.ts';
import { toPage } from '../tracking/rest-wire.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';
import type { CreateModelVersion, RegistryStore, SearchModels } from './registry-store.ts';
import { toModelVersion, toRegisteredModel } from './rest-registry-wire.ts';

const models = '/api/2.0/mlflow/registered-models';
const versions = '/api/2.0/mlflow/model-versions';

/** The model registry of any MLflow server, ours included. */
export const createRestRegistryStore = (http: HttpClient): RegistryStore => ({ ...modelMethods(http), ...versionMethods(http) });

const send = async (http: HttpClient, method: HttpRequest['method'], path: string, json: object): Promise<void> => {
  await http.json({ method, path, json });
};

const readModel = async (http: HttpClient, request: HttpRequest): Promise<RegisteredModel> =>
  toRegisteredModel((await http.json(request))['registered_model'] as WireRegisteredModel);

const readVersion = async (http: HttpClient, request: HttpRequest): Promise<ModelVersion> =>
  toModelVersion((await http.json(request))['model_version'] as WireModelVersion);

type ModelMethod = Extract<keyof RegistryStore, `${string}RegisteredModel${string}`>;

const modelMethods = (http: HttpClient): Pick<RegistryStore, ModelMethod> => ({
  createRegisteredModel: (json) => readModel(http, { method: 'POST', path: `${models}/create`, json }),
  getRegisteredModel: (name, signal) => readModel(http, { method: 'GET', path: `${models}/get`, query: { name }, signal }),
  updateRegisteredModel: (name, description) => readModel(http, { method: 'PATCH', path: `${models}/update`, json: { name, description } }),
  renameRegisteredModel: (name, newName) => readModel(http, { method: 'POST', path: `${models}/rename`, json: { name, new_name: newName } }),
  deleteRegisteredModel: (name) => send(http, 'DELETE', `${models}/delete`, { name }),
  searchRegisteredModels: async (search, signal) =>
    toPage(await http.json({ method: 'GET', path: `${models}/search`, query: searchQuery(search), signal }), 'registered_models', toRegisteredModel),
  setRegisteredModelTag: (name, tag) => send(http, 'POST', `${models}/set-tag`, { name, ...tag }),
  deleteRegisteredModelTag: (name, key) => send(http, 'DELETE', `${models}/delete-tag`, { name, key }),
  setRegisteredModelAlias: (name, alias, number) => send(http, 'POST', `${models}/alias`, { name, alias, version: String(number) }),
  deleteRegisteredModelAlias: (name, alias) => send(http, 'DELETE', `${models}/alias`, { name, alias }),
});

const versionMethods = (http: HttpClient): Omit<RegistryStore, ModelMethod> => ({
  createModelVersion: (created) => readVersion(http, { method: 'POST', path: `${versions}/create`, json: createBody(created) }),
  getModelVersion: (name, number, signal) => readVersion(http, { method: 'GET', path: `${versions}/get`, query: { name, version: number }, signal }),
  getModelVersionByAlias: (name, alias, signal) => readVersion(http, { method: 'GET', path: `${models}/alias`, query: { name, alias }, signal }),
  getLatestVersions: async (name, stages, signal) => {
    const reply = await http.json({ method: 'POST', path: `${models}/get-latest-versions`, json: { name, stages }, isRead: true, signal });
    return toPage(reply, 'model_versions', toModelVersion).items;
  },
  updateModelVersion: (name, number, description) =>
    readVersion(http, { method: 'PATCH', path: `${versions}/update`, json: { name, version: String(number), description } }),
  transitionModelVersionStage: ({ name, version: number, stage, archiveExistingVersions }) =>
    readVersion(http, {
      method: 'POST',
      path: `${versions}/transition-stage`,
      json: { name, version: String(number), stage, archive_existing_versions: archiveExistingVersions ?? false },
    }),
  deleteModelVersion: (name, number) => send(http, 'DELETE', `${versions}/delete`, { name, version: String(number) }),
  searchModelVersions: async (search, signal) =>
    toPage(await http.json({ method: 'GET', path: `${versions}/search`, query: searchQuery(search), signal }), 'model_versions', toModelVersion),
  getModelVersionDownloadUri: async (name, number, signal) => {
    const { artifact_uri: uri } = await http.json({ method: 'GET', path: `${versions}/get-download-uri`, query: { name, version: number }, signal });
    return typeof uri === 'string' ? uri : '';
  },
  setModelVersionTag: (name, number, tag) => send(http, 'POST', `${versions}/set-tag`, { name, version: String(number), ...tag }),
  deleteModelVersionTag: (name, number, key) => send(http, 'DELETE', `${versions}/delete-tag`, { name, version: String(number), key }),
});

const searchQuery = ({ filter, orderBy, maxResults, pageToken }: SearchModels): NonNullable<HttpRequest['query']> => ({
  filter,
  order_by: orderBy,
  max_results: maxResults,
  page_token: pageToken,
});

const createBody = ({ name, source, runId, modelId, runLink, description, tags }: CreateModelVersion): object => ({
  name,
  source,
  run_id: runId,
  model_id: modelId,
  run_link: runLink,
  description,
  tags,
});
