import { asModelId, asRunId } from '../../schemas/ids.ts';
import { endpoint, type Endpoint, type Fields, type Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { empty } from './experiment-routes.ts';
import { present, requiredString, toTag } from './request-fields.ts';
import { piecesOf } from './rest-point-pieces.ts';
import { listField, metricReply, pageOfJson, pageReply } from './rest-replies.ts';
import type { Metric } from './run.ts';
import type { RunMetric, SampleMetricHistories, ServedTrackingStore } from './tracking-store.ts';

const mostRuns = 100;
const mostPoints = 25_000;
const mostSampledPoints = 2500;

const idField = { run_id: requiredString } as const;

const metricFields = {
  key: requiredString,
  value: { type: 'double', required: true },
  timestamp: { type: 'int64', required: true },
  step: { type: 'int64' },
  model_id: { type: 'string' },
  dataset_name: { type: 'string' },
  dataset_digest: { type: 'string' },
} as const satisfies Fields;

const pairsField = { type: 'message', repeated: true, fields: { key: requiredString, value: { type: 'string' } } } as const;

const intervalFields = {
  run_ids: { type: 'string', repeated: true },
  metric_key: requiredString,
  start_step: { type: 'count' },
  end_step: { type: 'count' },
  max_results: { type: 'count' },
} as const satisfies Fields;

const bulkFields = {
  run_id: { type: 'string', repeated: true },
  metric_key: { type: 'string' },
  max_results: { type: 'count' },
} as const satisfies Fields;

export const metricEndpoints = (store: ServedTrackingStore): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/runs/log-metric',
    fields: { ...idField, ...metricFields },
    handle: ({ run_id, ...metric }) => empty(store.logMetric(asRunId(run_id), toMetric(metric))),
  }),
  endpoint({
    method: 'POST',
    path: '/runs/log-parameter',
    fields: { ...idField, key: requiredString, value: { type: 'string' } },
    handle: ({ run_id, key, value = '' }) => empty(store.logParam(asRunId(run_id), { key, value })),
  }),
  endpoint({
    method: 'POST',
    path: '/runs/log-batch',
    fields: { ...idField, metrics: { type: 'message', repeated: true, fields: metricFields }, params: pairsField, tags: pairsField },
    handle: ({ run_id, metrics, params, tags }) =>
      empty(store.logBatch({ runId: asRunId(run_id), metrics: metrics.map(toMetric), params: params.map(toTag), tags: tags.map(toTag) })),
  }),
  endpoint({
    method: 'GET',
    path: '/metrics/get-history',
    fields: { ...idField, metric_key: requiredString, page_token: { type: 'string' }, max_results: { type: 'count' } },
    handle: async ({ run_id, metric_key: key, max_results: maxResults, page_token: pageToken }) => {
      if (maxResults !== undefined && maxResults <= 0)
        throw invalid(`Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer.`);
      const search = { runId: asRunId(run_id), key, ...present({ maxResults, pageToken }) };
      const points = await store.getMetricHistoryJson?.(search, piecesOf(key));
      if (points !== undefined) return pageOfJson('metrics', [points]);
      const page = await store.getMetricHistory(search);
      return pageReply('metrics', page.items.map(metricReply), page.nextPageToken);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/metrics/get-history-bulk',
    ajaxOnly: true,
    fields: bulkFields,
    handle: async (request) => ({ metrics: await readHistories(store, request) }),
  }),
  endpoint({
    method: 'GET',
    path: '/metrics/get-history-bulk-interval',
    fields: intervalFields,
    handle: (request) => sampleHistories(store, toSample(request)),
  }),
];

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const toMetric = ({ key, value, timestamp, step = 0, model_id, dataset_name, dataset_digest }: Parsed<typeof metricFields>): Metric => {
  const metric = { key, value, timestamp, step };
  // Few metrics are of a model, and a batch has a thousand of them.
  if (!model_id && !dataset_name && !dataset_digest) return metric;
  return {
    ...metric,
    ...(model_id && { modelId: asModelId(model_id) }),
    ...present({ datasetName: dataset_name || undefined, datasetDigest: dataset_digest || undefined }),
  };
};

const runMetricReply = (metric: RunMetric): object => ({ ...metricReply(metric), run_id: metric.runId });

const readHistories = async (
  store: ServedTrackingStore,
  { run_id, metric_key: key, max_results = mostPoints }: Parsed<typeof bulkFields>,
): Promise<readonly object[]> => {
  if (run_id.length === 0) throw invalid('GetMetricHistoryBulk request must specify at least one run_id.');
  if (run_id.length > mostRuns) throw invalid(`GetMetricHistoryBulk request cannot specify more than ${mostRuns} run_ids. Received ${run_id.length} run_ids.`);
  if (key === undefined) throw invalid('GetMetricHistoryBulk request must specify a metric_key.');
  const points = await store.getMetricHistories({ runIds: run_id.map(asRunId), key, maxResults: Math.min(Math.max(max_results, 0), mostPoints) });
  return points.map(runMetricReply);
};

const sampleHistories = async (store: ServedTrackingStore, search: SampleMetricHistories): Promise<object> => {
  const points = await store.sampleMetricJson?.(search, (runId) => piecesOf(search.key, runId));
  if (points !== undefined) return pageOfJson('metrics', points);
  return listField('metrics', (await store.sampleMetricHistories(search)).map(runMetricReply));
};

const toSample = (request: Parsed<typeof intervalFields>): SampleMetricHistories => {
  const { run_ids, metric_key: key, max_results: maxResults = mostSampledPoints, start_step: from, end_step: to } = request;
  const seeDocs = 'See the API docs for more information about request parameters.';
  if (run_ids.length === 0) throw invalid(`Missing value for required parameter 'run_ids'. ${seeDocs}`);
  if (run_ids.length > mostRuns)
    throw invalid(`GetMetricHistoryBulkInterval request must specify at most ${mostRuns} run_ids. Received ${run_ids.length} run_ids. ${seeDocs}`);
  if (maxResults < 1 || maxResults > mostSampledPoints) throw invalid(`max_results must be between 1 and ${mostSampledPoints}. ${seeDocs}`);
  const sample = { runIds: run_ids.map(asRunId), key, maxResults };
  if (from === undefined && to === undefined) return sample;
  if (from === undefined || to === undefined) throw invalid('If either start step or end step are specified, both must be specified.');
  if (from > to) throw invalid(`end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`);
  return { ...sample, steps: { from, to } };
};
