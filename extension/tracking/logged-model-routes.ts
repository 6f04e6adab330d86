import { asExperimentId, asModelId, asRunId } from '../../schemas/ids.ts';
import type { WireLoggedModel } from '../../schemas/rest-api.ts';
import { listFolder, openArtifact } from '../artifacts/artifact-folder.ts';
import { nameOf, parseArtifactFolder, parseArtifactPath } from '../artifacts/artifact-path.ts';
import { artifactReply } from '../artifacts/artifact-reply.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { fileReply } from '../artifacts/artifact-routes.ts';
import { endpoint, type BinaryRequest, type BinaryRoute, type Endpoint, type Fields, type Parsed } from '../shared/endpoint.ts';
import { empty } from './experiment-routes.ts';
import type { LoggedModelStore } from './logged-model-store.ts';
import type { LoggedModel, LoggedModelStatus } from './logged-model.ts';
import { present, requiredString, tagsField, toTag } from './request-fields.ts';
import { listField, metricReply, pageReply } from './rest-replies.ts';

export interface LoggedModelRoutesOptions {
  readonly store: LoggedModelStore;
  readonly roots: ArtifactRoots;
}

const idField = { model_id: requiredString } as const;

const createFields = {
  experiment_id: requiredString,
  name: { type: 'string' },
  model_type: { type: 'string' },
  source_run_id: { type: 'string' },
  params: tagsField,
  tags: tagsField,
} as const satisfies Fields;

const searchFields = {
  experiment_ids: { type: 'string', repeated: true, required: true },
  filter: { type: 'string' },
  datasets: { type: 'message', repeated: true, fields: { dataset_name: { type: 'string' }, dataset_digest: { type: 'string' } } },
  max_results: { type: 'count' },
  order_by: {
    type: 'message',
    repeated: true,
    fields: { field_name: { type: 'string' }, ascending: { type: 'bool' }, dataset_name: { type: 'string' }, dataset_digest: { type: 'string' } },
  },
  page_token: { type: 'string' },
} as const satisfies Fields;

const statusField = {
  type: 'enum',
  names: { LOGGED_MODEL_STATUS_UNSPECIFIED: 0, LOGGED_MODEL_PENDING: 1, LOGGED_MODEL_READY: 2, LOGGED_MODEL_UPLOAD_FAILED: 3 },
  required: true,
} as const;

type WireStatus = keyof (typeof statusField)['names'];

const statuses: Readonly<Record<WireStatus, LoggedModelStatus>> = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'UNSPECIFIED',
  LOGGED_MODEL_PENDING: 'PENDING',
  LOGGED_MODEL_READY: 'READY',
  LOGGED_MODEL_UPLOAD_FAILED: 'UPLOAD_FAILED',
};

const statusReply = (status: LoggedModelStatus): string => (status === 'UNSPECIFIED' ? 'LOGGED_MODEL_STATUS_UNSPECIFIED' : `LOGGED_MODEL_${status}`);

/** MLflow's endpoints of logged models. */
export const loggedModelEndpoints = ({ store, roots }: LoggedModelRoutesOptions): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/logged-models',
    fields: createFields,
    handle: async (request) => modelReply(await createModel(store, request)),
  }),
  endpoint({
    method: 'GET',
    path: '/logged-models/:model_id',
    fields: { ...idField, allow_deleted: { type: 'string' } },
    handle: async ({ model_id, allow_deleted = '' }, signal) =>
      modelReply(await store.getLoggedModel(asModelId(model_id), { allowDeleted: allow_deleted.toLowerCase() === 'true' }, signal)),
  }),
  endpoint({
    method: 'PATCH',
    path: '/logged-models/:model_id',
    fields: { ...idField, status: statusField },
    handle: async ({ model_id, status }) => modelReply(await store.finalizeLoggedModel(asModelId(model_id), statuses[status])),
  }),
  endpoint({
    method: 'DELETE',
    path: '/logged-models/:model_id',
    fields: idField,
    handle: ({ model_id }) => empty(store.deleteLoggedModel(asModelId(model_id))),
  }),
  endpoint({
    method: 'POST',
    path: '/logged-models/search',
    fields: searchFields,
    handle: (request, signal) => searchModels(store, request, signal),
  }),
  endpoint({
    method: 'PATCH',
    path: '/logged-models/:model_id/tags',
    fields: { ...idField, tags: tagsField },
    handle: ({ model_id, tags }) => empty(store.setLoggedModelTags(asModelId(model_id), tags.map(toTag))),
  }),
  endpoint({
    method: 'DELETE',
    path: '/logged-models/:model_id/tags/:tag_key',
    fields: { ...idField, tag_key: requiredString },
    handle: ({ model_id, tag_key }) => empty(store.deleteLoggedModelTag(asModelId(model_id), tag_key)),
  }),
  endpoint({
    method: 'POST',
    path: '/logged-models/:model_id/params',
    fields: { ...idField, params: tagsField },
    handle: ({ model_id, params }) => empty(store.logLoggedModelParams(asModelId(model_id), params.map(toTag))),
  }),
  endpoint({
    method: 'GET',
    path: '/logged-models/:model_id/artifacts/directories',
    fields: { ...idField, artifact_directory_path: { type: 'string' } },
    handle: async ({ model_id, artifact_directory_path }) => {
      const folder = parseArtifactFolder(artifact_directory_path);
      const { artifactLocation } = await store.getLoggedModel(asModelId(model_id));
      const files = await listFolder(await roots.folderOf(artifactLocation), folder);
      return { root_uri: artifactLocation, ...listField('files', files.map(fileReply)) };
    },
  }),
];

/** The bytes of a logged model's files. */
export const loggedModelBinaryRoutes = (options: LoggedModelRoutesOptions): readonly BinaryRoute[] => [
  { method: 'GET', path: '/ajax-api/2.0/mlflow/logged-models/:model_id/artifacts/files', handle: (request) => getFile(options, request) },
];

const getFile = async ({ store, roots }: LoggedModelRoutesOptions, { pathParameters, query, headers }: BinaryRequest): Promise<Response> => {
  const path = parseArtifactPath(query.get('artifact_file_path') ?? '');
  const { artifactLocation } = await store.getLoggedModel(asModelId(pathParameters['model_id'] ?? ''));
  return artifactReply(await openArtifact(await roots.folderOf(artifactLocation), path), nameOf(path), headers.get('range'));
};

const modelReply = (model: LoggedModel): object => ({ model: loggedModelReply(model) });

const loggedModelReply = (model: LoggedModel): WireLoggedModel => ({
  info: {
    model_id: model.modelId,
    experiment_id: model.experimentId,
    name: model.name,
    creation_timestamp_ms: model.creationTimestamp,
    last_updated_timestamp_ms: model.lastUpdatedTimestamp,
    artifact_uri: model.artifactLocation,
    status: statusReply(model.status),
    ...(model.modelType !== undefined && { model_type: model.modelType }),
    ...(model.sourceRunId !== undefined && { source_run_id: model.sourceRunId }),
    ...(model.statusMessage !== undefined && { status_message: model.statusMessage }),
    ...listField('tags', model.tags),
  },
  data: {
    ...listField('params', model.params),
    ...listField(
      'metrics',
      model.metrics.map((metric) => ({ ...metricReply(metric), run_id: metric.runId })),
    ),
  },
});

const createModel = (store: LoggedModelStore, request: Parsed<typeof createFields>): Promise<LoggedModel> => {
  const { experiment_id, name = '', model_type: modelType = '', source_run_id = '', params, tags } = request;
  return store.createLoggedModel({
    experimentId: asExperimentId(experiment_id),
    ...(name !== '' && { name }),
    modelType,
    sourceRunId: asRunId(source_run_id),
    params: params.map(toTag),
    tags: tags.map(toTag),
  });
};

const searchModels = async (store: LoggedModelStore, request: Parsed<typeof searchFields>, signal: AbortSignal): Promise<object> => {
  const { experiment_ids, filter, datasets, max_results = 0, order_by, page_token: pageToken } = request;
  const search = {
    experimentIds: experiment_ids.map(asExperimentId),
    datasets: datasets.map(({ dataset_name = '', dataset_digest }) => ({ name: dataset_name, ...present({ digest: dataset_digest }) })),
    orderBy: order_by.map(({ field_name = '', ascending, dataset_name, dataset_digest }) => ({
      fieldName: field_name,
      ...present({ ascending, datasetName: dataset_name, datasetDigest: dataset_digest }),
    })),
    maxResults: max_results === 0 ? 50 : max_results,
    ...present({ filter, pageToken }),
  };
  const { items, nextPageToken } = await store.searchLoggedModels(search, signal);
  return pageReply('models', items.map(loggedModelReply), nextPageToken);
};
