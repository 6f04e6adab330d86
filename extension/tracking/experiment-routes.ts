import { asExperimentId } from '../../schemas/ids.ts';
import { endpoint, type Endpoint, type Fields, type Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { present, requiredString, tagsField, toTag, viewTypeField } from './request-fields.ts';
import { experimentReply, listField, pageReply } from './rest-replies.ts';
import type { ServedTrackingStore } from './tracking-store.ts';

const mostExperiments = 20;

const idField = { experiment_id: requiredString } as const;

const searchFields = {
  view_type: viewTypeField,
  max_results: { type: 'count' },
  order_by: { type: 'string', repeated: true },
  filter: { type: 'string' },
  page_token: { type: 'string' },
} as const satisfies Fields;

export const experimentEndpoints = (store: ServedTrackingStore): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/experiments/create',
    fields: { name: requiredString, artifact_location: { type: 'string' }, tags: tagsField },
    handle: async ({ name, artifact_location = '', tags }) => ({
      experiment_id: await store.createExperiment({ name, artifactLocation: artifact_location, tags: tags.map(toTag) }),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/experiments/get',
    fields: idField,
    handle: async ({ experiment_id }) => ({ experiment: experimentReply(await store.getExperiment(asExperimentId(experiment_id))) }),
  }),
  endpoint({
    method: 'GET',
    path: '/experiments/get-by-name',
    fields: { experiment_name: requiredString },
    handle: async ({ experiment_name }) => ({ experiment: experimentReply(await store.getExperimentByName(experiment_name)) }),
  }),
  endpoint({ method: 'POST', path: '/experiments/search', fields: searchFields, handle: (request) => searchExperiments(store, request) }),
  endpoint({ method: 'GET', path: '/experiments/search', fields: searchFields, handle: (request) => searchExperiments(store, request) }),
  endpoint({
    method: 'POST',
    path: '/experiments/delete',
    fields: idField,
    handle: ({ experiment_id }) => empty(store.deleteExperiment(asExperimentId(experiment_id))),
  }),
  endpoint({
    method: 'POST',
    path: '/experiments/restore',
    fields: idField,
    handle: ({ experiment_id }) => empty(store.restoreExperiment(asExperimentId(experiment_id))),
  }),
  endpoint({
    method: 'POST',
    path: '/experiments/update',
    fields: { ...idField, new_name: requiredString },
    handle: ({ experiment_id, new_name }) => empty(store.renameExperiment(asExperimentId(experiment_id), new_name)),
  }),
  endpoint({
    method: 'POST',
    path: '/experiments/set-experiment-tag',
    fields: { ...idField, key: requiredString, value: { type: 'string' } },
    handle: ({ experiment_id, key, value = '' }) => empty(store.setExperimentTag(asExperimentId(experiment_id), { key, value })),
  }),
  endpoint({
    method: 'POST',
    path: '/experiments/delete-experiment-tag',
    fields: { ...idField, key: requiredString },
    handle: ({ experiment_id, key }) => empty(store.deleteExperimentTag(asExperimentId(experiment_id), key)),
  }),
  endpoint({
    method: 'POST',
    path: '/experiments/search-datasets',
    ajaxOnly: true,
    fields: { experiment_ids: { type: 'string', repeated: true } },
    handle: ({ experiment_ids }) => searchDatasets(store, experiment_ids),
  }),
];

/** MLflow answers a write with `{}`. */
export const empty = async (work: Promise<void>): Promise<object> => {
  await work;
  return {};
};

const searchExperiments = async (store: ServedTrackingStore, request: Parsed<typeof searchFields>): Promise<object> => {
  const { filter, view_type: viewType, order_by: orderBy, max_results: maxResults = 0, page_token: pageToken } = request;
  const page = await store.searchExperiments({ maxResults, ...present({ filter, viewType, orderBy, pageToken }) });
  return pageReply('experiments', page.items.map(experimentReply), page.nextPageToken);
};

const searchDatasets = async (store: ServedTrackingStore, experimentIds: readonly string[]): Promise<object> => {
  const refuse = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);
  const count = experimentIds.length;
  if (count === 0) throw refuse('SearchDatasets request must specify at least one experiment_id.');
  if (count > mostExperiments)
    throw refuse(`SearchDatasets request cannot specify more than ${mostExperiments} experiment_ids. Received ${count} experiment_ids.`);
  const summaries = await store.searchDatasets(experimentIds);
  return listField(
    'dataset_summaries',
    summaries.map(({ experimentId, ...summary }) => ({ experiment_id: experimentId, ...summary })),
  );
};
