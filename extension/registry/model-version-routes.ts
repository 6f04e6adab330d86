import { asModelId, asRunId } from '../../schemas/ids.ts';
import { endpoint, type Endpoint, type Fields, type Parsed } from '../shared/endpoint.ts';
import { empty } from '../tracking/experiment-routes.ts';
import { present, requiredString, tagsField, toTag } from '../tracking/request-fields.ts';
import { pageReply } from '../tracking/rest-replies.ts';
import { parseVersionNumber, type ModelVersion } from './model-version.ts';
import { checkModelName } from './registered-model.ts';
import { modelVersionReply } from './registry-replies.ts';
import type { RegistryStore } from './registry-store.ts';
import { parseStage } from './stage.ts';

const versionFields = { name: requiredString, version: requiredString } as const;

const createFields = {
  name: requiredString,
  source: requiredString,
  run_id: { type: 'string' },
  tags: tagsField,
  run_link: { type: 'string' },
  description: { type: 'string' },
  model_id: { type: 'string' },
} as const satisfies Fields;

const searchFields = {
  filter: { type: 'string' },
  max_results: { type: 'count', max: 200_000 },
  order_by: { type: 'string', repeated: true },
  page_token: { type: 'string' },
} as const satisfies Fields;

export const modelVersionEndpoints = (store: RegistryStore): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/model-versions/create',
    fields: createFields,
    handle: async (request) => versionReply(await createVersion(store, request)),
  }),
  endpoint({
    method: 'GET',
    path: '/model-versions/get',
    fields: versionFields,
    handle: async ({ name, version }, signal) => versionReply(await store.getModelVersion(name, parseVersionNumber(version), signal)),
  }),
  endpoint({
    method: 'PATCH',
    path: '/model-versions/update',
    fields: { ...versionFields, description: { type: 'string' } },
    handle: async ({ name, version, description }) => versionReply(await store.updateModelVersion(name, parseVersionNumber(version), description)),
  }),
  endpoint({
    method: 'POST',
    path: '/model-versions/transition-stage',
    fields: { ...versionFields, stage: requiredString, archive_existing_versions: { type: 'bool' } },
    handle: async ({ name, version, stage, archive_existing_versions: archiveExistingVersions = false }) =>
      versionReply(await store.transitionModelVersionStage({ name, version: parseVersionNumber(version), stage: parseStage(stage), archiveExistingVersions })),
  }),
  endpoint({
    method: 'DELETE',
    path: '/model-versions/delete',
    fields: versionFields,
    handle: ({ name, version }) => empty(store.deleteModelVersion(name, parseVersionNumber(version))),
  }),
  endpoint({
    method: 'GET',
    path: '/model-versions/search',
    fields: searchFields,
    handle: (request, signal) => searchVersions(store, request, signal),
  }),
  endpoint({
    method: 'GET',
    path: '/model-versions/get-download-uri',
    fields: { name: { type: 'string' }, version: { type: 'string' } },
    handle: async ({ name = '', version = '' }, signal) => {
      checkModelName(name);
      return { artifact_uri: await store.getModelVersionDownloadUri(name, parseVersionNumber(version), signal) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/model-versions/set-tag',
    fields: { ...versionFields, key: requiredString, value: { type: 'string' } },
    handle: ({ name, version, key, value = '' }) => empty(store.setModelVersionTag(name, parseVersionNumber(version), { key, value })),
  }),
  endpoint({
    method: 'DELETE',
    path: '/model-versions/delete-tag',
    fields: { ...versionFields, key: requiredString },
    handle: ({ name, version, key }) => empty(store.deleteModelVersionTag(name, parseVersionNumber(version), key)),
  }),
];

const versionReply = (version: ModelVersion): object => ({ model_version: modelVersionReply(version) });

const createVersion = (store: RegistryStore, request: Parsed<typeof createFields>): Promise<ModelVersion> => {
  const { name, source, run_id, model_id, run_link: runLink, description, tags } = request;
  return store.createModelVersion({
    name,
    source,
    tags: tags.map(toTag),
    ...present({ runLink, description }),
    ...(run_id !== undefined && { runId: asRunId(run_id) }),
    ...(model_id !== undefined && { modelId: asModelId(model_id) }),
  });
};

const searchVersions = async (store: RegistryStore, request: Parsed<typeof searchFields>, signal: AbortSignal): Promise<object> => {
  const { filter, order_by: orderBy, max_results: maxResults = 200_000, page_token: pageToken } = request;
  const { items, nextPageToken } = await store.searchModelVersions({ maxResults, ...present({ filter, orderBy, pageToken }) }, signal);
  return pageReply('model_versions', items.map(modelVersionReply), nextPageToken);
};
