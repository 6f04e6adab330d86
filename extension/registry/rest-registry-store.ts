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
export const createRestRegistryStore = (http: HttpClient): RegistryStore => {
  const send = async (method: HttpRequest['method'], path: string, json: object): Promise<void> => {
    await http.json({ method, path, json });
  };
  const model = async (request: HttpRequest): Promise<RegisteredModel> =>
    toRegisteredModel((await http.json(request))['registered_model'] as WireRegisteredModel);
  const version = async (request: HttpRequest): Promise<ModelVersion> => toModelVersion((await http.json(request))['model_version'] as WireModelVersion);
  return {
    createRegisteredModel: (json) => model({ method: 'POST', path: `${models}/create`, json }),
    getRegisteredModel: (name, signal) => model({ method: 'GET', path: `${models}/get`, query: { name }, signal }),
    updateRegisteredModel: (name, description) => model({ method: 'PATCH', path: `${models}/update`, json: { name, description } }),
    renameRegisteredModel: (name, newName) => model({ method: 'POST', path: `${models}/rename`, json: { name, new_name: newName } }),
    deleteRegisteredModel: (name) => send('DELETE', `${models}/delete`, { name }),
    searchRegisteredModels: async (search, signal) =>
      toPage(await http.json({ method: 'GET', path: `${models}/search`, query: searchQuery(search), signal }), 'registered_models', toRegisteredModel),
    setRegisteredModelTag: (name, tag) => send('POST', `${models}/set-tag`, { name, ...tag }),
    deleteRegisteredModelTag: (name, key) => send('DELETE', `${models}/delete-tag`, { name, key }),
    setRegisteredModelAlias: (name, alias, number) => send('POST', `${models}/alias`, { name, alias, version: String(number) }),
    deleteRegisteredModelAlias: (name, alias) => send('DELETE', `${models}/alias`, { name, alias }),

    createModelVersion: (created) => version({ method: 'POST', path: `${versions}/create`, json: createBody(created) }),
    getModelVersion: (name, number, signal) => version({ method: 'GET', path: `${versions}/get`, query: { name, version: number }, signal }),
    getModelVersionByAlias: (name, alias, signal) => version({ method: 'GET', path: `${models}/alias`, query: { name, alias }, signal }),
    getLatestVersions: async (name, stages, signal) => {
      const reply = await http.json({ method: 'POST', path: `${models}/get-latest-versions`, json: { name, stages }, isRead: true, signal });
      return toPage(reply, 'model_versions', toModelVersion).items;
    },
    updateModelVersion: (name, number, description) =>
      version({ method: 'PATCH', path: `${versions}/update`, json: { name, version: String(number), description } }),
    transitionModelVersionStage: ({ name, version: number, stage, archiveExistingVersions }) =>
      version({
        method: 'POST',
        path: `${versions}/transition-stage`,
        json: { name, version: String(number), stage, archive_existing_versions: archiveExistingVersions ?? false },
      }),
    deleteModelVersion: (name, number) => send('DELETE', `${versions}/delete`, { name, version: String(number) }),
    searchModelVersions: async (search, signal) =>
      toPage(await http.json({ method: 'GET', path: `${versions}/search`, query: searchQuery(search), signal }), 'model_versions', toModelVersion),
    getModelVersionDownloadUri: async (name, number, signal) => {
      const { artifact_uri: uri } = await http.json({ method: 'GET', path: `${versions}/get-download-uri`, query: { name, version: number }, signal });
      return typeof uri === 'string' ? uri : '';
    },
    setModelVersionTag: (name, number, tag) => send('POST', `${versions}/set-tag`, { name, version: String(number), ...tag }),
    deleteModelVersionTag: (name, number, key) => send('DELETE', `${versions}/delete-tag`, { name, version: String(number), key }),
  };
};

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
