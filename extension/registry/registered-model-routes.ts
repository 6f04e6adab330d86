import { endpoint, type Endpoint, type Fields, type Parsed } from '../shared/endpoint.ts';
import { empty } from '../tracking/experiment-routes.ts';
import { present, requiredString, tagsField, toTag } from '../tracking/request-fields.ts';
import { listField, pageReply } from '../tracking/rest-replies.ts';
import { parseVersionNumber } from './model-version.ts';
import { modelVersionReply, registeredModelReply } from './registry-replies.ts';
import type { RegistryStore } from './registry-store.ts';
import { parseStage } from './stage.ts';

const nameField = { name: requiredString } as const;
const aliasFields = { ...nameField, alias: requiredString } as const;
const latestFields = { ...nameField, stages: { type: 'string', repeated: true } } as const;
const aliasPath = '/registered-models/alias';

const searchFields = {
  filter: { type: 'string' },
  max_results: { type: 'count', max: 1000 },
  order_by: { type: 'string', repeated: true },
  page_token: { type: 'string' },
} as const satisfies Fields;

export const registeredModelEndpoints = (store: RegistryStore): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/registered-models/create',
    fields: { ...nameField, tags: tagsField, description: { type: 'string' } },
    handle: async ({ name, description = '', tags }) => modelReply(await store.createRegisteredModel({ name, description, tags: tags.map(toTag) })),
  }),
  endpoint({
    method: 'GET',
    path: '/registered-models/get',
    fields: nameField,
    handle: async ({ name }, signal) => modelReply(await store.getRegisteredModel(name, signal)),
  }),
  endpoint({
    method: 'PATCH',
    path: '/registered-models/update',
    fields: { ...nameField, description: { type: 'string' } },
    handle: async ({ name, description = '' }) => modelReply(await store.updateRegisteredModel(name, description)),
  }),
  endpoint({
    method: 'POST',
    path: '/registered-models/rename',
    fields: { ...nameField, new_name: requiredString },
    handle: async ({ name, new_name }) => modelReply(await store.renameRegisteredModel(name, new_name)),
  }),
  endpoint({
    method: 'DELETE',
    path: '/registered-models/delete',
    fields: nameField,
    handle: ({ name }) => empty(store.deleteRegisteredModel(name)),
  }),
  endpoint({
    method: 'GET',
    path: '/registered-models/search',
    fields: searchFields,
    handle: (request, signal) => searchModels(store, request, signal),
  }),
  endpoint({
    method: 'POST',
    path: '/registered-models/set-tag',
    fields: { ...nameField, key: requiredString, value: { type: 'string' } },
    handle: ({ name, key, value = '' }) => empty(store.setRegisteredModelTag(name, { key, value })),
  }),
  endpoint({
    method: 'DELETE',
    path: '/registered-models/delete-tag',
    fields: { ...nameField, key: requiredString },
    handle: ({ name, key }) => empty(store.deleteRegisteredModelTag(name, key)),
  }),
  ...latestVersionEndpoints(store),
  ...aliasEndpoints(store),
];

const modelReply = (model: Parameters<typeof registeredModelReply>[0]): object => ({ registered_model: registeredModelReply(model) });

const searchModels = async (store: RegistryStore, request: Parsed<typeof searchFields>, signal: AbortSignal): Promise<object> => {
  const { filter, order_by: orderBy, max_results: maxResults = 100, page_token: pageToken } = request;
  const { items, nextPageToken } = await store.searchRegisteredModels({ maxResults, ...present({ filter, orderBy, pageToken }) }, signal);
  return pageReply('registered_models', items.map(registeredModelReply), nextPageToken);
};

/** Python's client posts, older ones get. */
const latestVersionEndpoints = (store: RegistryStore): readonly Endpoint[] =>
  (['POST', 'GET'] as const).map((method) =>
    endpoint({
      method,
      path: '/registered-models/get-latest-versions',
      fields: latestFields,
      handle: async ({ name, stages }, signal) => {
        const versions = await store.getLatestVersions(name, stages.map(parseStage), signal);
        return listField('model_versions', versions.map(modelVersionReply));
      },
    }),
  );

const aliasEndpoints = (store: RegistryStore): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: aliasPath,
    fields: { ...aliasFields, version: requiredString },
    handle: ({ name, alias, version }) => empty(store.setRegisteredModelAlias(name, alias, parseVersionNumber(version))),
  }),
  endpoint({
    method: 'DELETE',
    path: aliasPath,
    fields: aliasFields,
    handle: ({ name, alias }) => empty(store.deleteRegisteredModelAlias(name, alias)),
  }),
  endpoint({
    method: 'GET',
    path: aliasPath,
    fields: aliasFields,
    handle: async ({ name, alias }, signal) => ({ model_version: modelVersionReply(await store.getModelVersionByAlias(name, alias, signal)) }),
  }),
];
