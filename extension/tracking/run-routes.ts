import { asExperimentId, asModelId, asRunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { endpoint, type Endpoint, type Fields, type Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { empty } from './experiment-routes.ts';
import { present, requiredString, tagsField, toTag, viewTypeField } from './request-fields.ts';
import { newRunReply, pageOfJson, pageReply, runInfoReply, runReply, runTextReply } from './rest-replies.ts';
import type { DatasetInput } from './run.ts';
import type { SearchRuns, ServedTrackingStore } from './tracking-store.ts';

const idField = { run_id: requiredString } as const;

const searchFields = {
  experiment_ids: { type: 'string', repeated: true },
  filter: { type: 'string' },
  run_view_type: viewTypeField,
  max_results: { type: 'count', max: 50_000 },
  order_by: { type: 'string', repeated: true },
  page_token: { type: 'string' },
} as const satisfies Fields;

const statusField = { type: 'enum', names: { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 } } as const;

const datasetField = {
  type: 'message',
  repeated: true,
  fields: {
    tags: tagsField,
    dataset: {
      type: 'message',
      fields: {
        name: { type: 'string' },
        digest: { type: 'string' },
        source_type: { type: 'string' },
        source: { type: 'string' },
        schema: { type: 'string' },
        profile: { type: 'string' },
      },
    },
  },
} as const;

const modelsField = { type: 'message', repeated: true, fields: { model_id: { type: 'string' }, step: { type: 'int64' } } } as const;

export const runEndpoints = (store: ServedTrackingStore): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/runs/create',
    fields: { experiment_id: { type: 'string' }, start_time: { type: 'int64' }, run_name: { type: 'string' }, user_id: { type: 'string' }, tags: tagsField },
    handle: async ({ experiment_id = '', start_time = 0, run_name: runName, user_id: userId, tags }) => {
      const run = { experimentId: asExperimentId(experiment_id), startTime: start_time, tags: tags.map(toTag), ...present({ runName, userId }) };
      return { run: newRunReply(await store.createRun(run)) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/runs/update',
    fields: { ...idField, end_time: { type: 'int64' }, status: statusField, run_name: { type: 'string' } },
    handle: async ({ run_id, end_time: endTime, status, run_name: runName }) => ({
      run_info: runInfoReply(await store.updateRun({ runId: asRunId(run_id), ...present({ endTime, status, runName }) })),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/runs/get',
    fields: idField,
    handle: async ({ run_id }) => ({ run: runReply(await store.getRun(asRunId(run_id))) }),
  }),
  endpoint({ method: 'POST', path: '/runs/delete', fields: idField, handle: ({ run_id }) => empty(store.deleteRun(asRunId(run_id))) }),
  endpoint({ method: 'POST', path: '/runs/restore', fields: idField, handle: ({ run_id }) => empty(store.restoreRun(asRunId(run_id))) }),
  endpoint({ method: 'POST', path: '/runs/search', fields: searchFields, handle: (request) => searchRuns(store, toSearch(request)) }),
  endpoint({
    method: 'POST',
    path: '/runs/set-tag',
    fields: { ...idField, key: requiredString, value: { type: 'string' } },
    handle: ({ run_id, key, value = '' }) => empty(store.setTag(asRunId(run_id), { key, value })),
  }),
  endpoint({
    method: 'POST',
    path: '/runs/delete-tag',
    fields: { ...idField, key: requiredString },
    handle: ({ run_id, key }) => empty(store.deleteTag(asRunId(run_id), key)),
  }),
  endpoint({
    method: 'POST',
    path: '/runs/log-inputs',
    fields: { ...idField, datasets: datasetField, models: modelsField },
    handle: ({ run_id, datasets, models }) => empty(store.logInputs(asRunId(run_id), datasets.map(toDatasetInput), models.map(toModelInput))),
  }),
  endpoint({
    method: 'POST',
    path: '/runs/outputs',
    fields: { ...idField, models: { ...modelsField, required: true } },
    handle: ({ run_id, models }) => empty(store.logOutputs(asRunId(run_id), models.map(toModelOutput))),
  }),
  endpoint({
    method: 'POST',
    path: '/runs/log-model',
    fields: { ...idField, model_json: requiredString },
    handle: ({ run_id, model_json }) => empty(store.recordLoggedModel(asRunId(run_id), readModelJson(model_json))),
  }),
];

const toSearch = ({ experiment_ids, max_results: maxResults = 1000, ...request }: Parsed<typeof searchFields>): SearchRuns => {
  const { filter, run_view_type: viewType, order_by: orderBy, page_token: pageToken } = request;
  return { experimentIds: experiment_ids.map(asExperimentId), maxResults, ...present({ filter, viewType, orderBy, pageToken }) };
};

const searchRuns = async (store: ServedTrackingStore, search: SearchRuns): Promise<object> => {
  const texts = await store.searchRunTexts?.(search);
  if (texts !== undefined) return pageOfJson('runs', [[texts.items.map(runTextReply).join(',')]], texts.nextPageToken);
  const page = await store.searchRuns(search);
  return pageReply('runs', page.items.map(runReply), page.nextPageToken);
};

const toModelInput = ({ model_id = '' }: Parsed<typeof modelsField.fields>): { readonly modelId: ReturnType<typeof asModelId> } => ({
  modelId: asModelId(model_id),
});

const toModelOutput = ({
  model_id = '',
  step = 0,
}: Parsed<typeof modelsField.fields>): { readonly modelId: ReturnType<typeof asModelId>; readonly step: Int64 } => ({
  modelId: asModelId(model_id),
  step,
});

const toDatasetInput = ({ tags, dataset }: Parsed<typeof datasetField.fields>): DatasetInput => ({
  tags: tags.map(toTag),
  dataset: {
    name: dataset?.name ?? '',
    digest: dataset?.digest ?? '',
    sourceType: dataset?.source_type ?? '',
    source: dataset?.source ?? '',
    ...present({ schema: dataset?.schema, profile: dataset?.profile }),
  },
});

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** What MLflow keeps of an MLmodel in the run's tag. */
const readModelJson = (text: string): Readonly<Record<string, unknown>> => {
  const model = parseObject(text);
  const missing = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'].filter((field) => !Object.hasOwn(model, field));
  if (missing.length > 0) throw invalid(`Model json is missing mandatory fields: {${missing.map((field) => `'${field}'`).join(', ')}}`);
  const { run_id, utc_time_created, artifact_path, model_uuid = null, flavors } = model;
  return { run_id, utc_time_created, artifact_path, model_uuid, flavors: withoutConfig(flavors) };
};

const withoutConfig = (flavors: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(Object(flavors) as Record<string, unknown>).map(([flavor, options]) => {
      if (typeof options !== 'object' || options === null) return [flavor, options];
      return [flavor, Object.fromEntries(Object.entries(options).filter(([key]) => key !== 'config'))];
    }),
  );

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Malformed model info. \n ${text} \n is not a valid JSON.`, { cause: error });
  }
  if (typeof model === 'object' && model !== null && !Array.isArray(model)) return model as Record<string, unknown>;
  throw invalid(`Malformed model info. \n ${text} \n is not a valid JSON.`);
};
