import { asExperimentId, type ExperimentId, type RunId } from '../../schemas/ids.ts';
import type { HttpClient } from '../shared/http.ts';
import { fromMetric, toExperiment, toMetric, toPage, toRun, toRunInfo } from './rest-wire.ts';
import type { DatasetInput, Metric } from './run.ts';
import type { GetMetricHistory, LogBatch, SearchExperiments, SearchRuns, TrackingStore } from './tracking-store.ts';
import type { WireExperiment, WireMetric, WireRun, WireRunInfo } from '../../schemas/rest-api.ts';

const base = '/api/2.0/mlflow';
/** Without `max_results` releases 3.4 to 3.13 answer a history with no metrics and a dead token. */
const historyPageSize = 25_000;

/** The tracking store of any MLflow server, ours included. */
export const createRestTrackingStore = (http: HttpClient): TrackingStore => {
  const get = (path: string, query: Readonly<Record<string, string | number | undefined>>, signal?: AbortSignal): Promise<Record<string, unknown>> =>
    http.json({ method: 'GET', path: base + path, query, signal });
  const post = (path: string, json: object): Promise<Record<string, unknown>> => http.json({ method: 'POST', path: base + path, json });
  const search = (path: string, json: object, signal?: AbortSignal): Promise<Record<string, unknown>> =>
    http.json({ method: 'POST', path: base + path, json, isRead: true, signal });
  const send = async (path: string, json: object): Promise<void> => {
    await post(path, json);
  };
  return {
    createExperiment: async ({ name, artifactLocation, tags }) => {
      const reply = await post('/experiments/create', { name, artifact_location: artifactLocation, tags });
      return asExperimentId(String(reply['experiment_id']));
    },
    getExperiment: async (experimentId, signal) =>
      toExperiment((await get('/experiments/get', { experiment_id: experimentId }, signal))['experiment'] as WireExperiment),
    getExperimentByName: async (name, signal) =>
      toExperiment((await get('/experiments/get-by-name', { experiment_name: name }, signal))['experiment'] as WireExperiment),
    searchExperiments: async (asked, signal) =>
      toPage(await search('/experiments/search', { ...searchBody(asked), view_type: asked.viewType }, signal), 'experiments', toExperiment),
    renameExperiment: (experimentId, newName) => send('/experiments/update', { experiment_id: experimentId, new_name: newName }),
    deleteExperiment: (experimentId) => send('/experiments/delete', { experiment_id: experimentId }),
    restoreExperiment: (experimentId) => send('/experiments/restore', { experiment_id: experimentId }),
    setExperimentTag: (experimentId, tag) => send('/experiments/set-experiment-tag', { experiment_id: experimentId, ...tag }),
    deleteExperimentTag: (experimentId, key) => send('/experiments/delete-experiment-tag', { experiment_id: experimentId, key }),

    createRun: async ({ experimentId, userId, runName, startTime, tags }) =>
      toRun((await post('/runs/create', { experiment_id: experimentId, user_id: userId, run_name: runName, start_time: startTime, tags }))['run'] as WireRun),
    updateRun: async ({ runId, status, endTime, runName }) =>
      toRunInfo((await post('/runs/update', { run_id: runId, status, end_time: endTime, run_name: runName }))['run_info'] as WireRunInfo),
    getRun: async (runId, signal) => toRun((await get('/runs/get', { run_id: runId }, signal))['run'] as WireRun),
    deleteRun: (runId) => send('/runs/delete', { run_id: runId }),
    restoreRun: (runId) => send('/runs/restore', { run_id: runId }),
    searchRuns: async (asked, signal) => toPage(await search('/runs/search', runsSearchBody(asked), signal), 'runs', toRun),

    logMetric: (runId, metric) => send('/runs/log-metric', { run_id: runId, ...fromMetric(metric) }),
    logParam: (runId, param) => send('/runs/log-parameter', { run_id: runId, ...param }),
    setTag: (runId, tag) => send('/runs/set-tag', { run_id: runId, ...tag }),
    deleteTag: (runId, key) => send('/runs/delete-tag', { run_id: runId, key }),
    logBatch: (batch) => send('/runs/log-batch', batchBody(batch)),
    logInputs: (runId, datasets, models) =>
      send('/runs/log-inputs', { run_id: runId, datasets: datasets.map(fromDatasetInput), models: models?.map(({ modelId }) => ({ model_id: modelId })) }),
    logOutputs: (runId, models) => send('/runs/outputs', { run_id: runId, models: models.map(({ modelId, step }) => ({ model_id: modelId, step })) }),

    getMetricHistory: async (asked, signal) => toPage<WireMetric, Metric>(await get('/metrics/get-history', historyQuery(asked), signal), 'metrics', toMetric),
  };
};

const searchBody = ({ filter, orderBy, maxResults, pageToken }: SearchExperiments): object => ({
  filter,
  order_by: orderBy,
  max_results: maxResults,
  page_token: pageToken,
});

const runsSearchBody = (search: SearchRuns): object => ({
  ...searchBody(search),
  experiment_ids: search.experimentIds satisfies readonly ExperimentId[],
  run_view_type: search.viewType,
});

const historyQuery = ({ runId, key, maxResults, pageToken }: GetMetricHistory): Readonly<Record<string, string | number | undefined>> => ({
  run_id: runId satisfies RunId,
  metric_key: key,
  max_results: maxResults ?? historyPageSize,
  page_token: pageToken,
});

const batchBody = ({ runId, metrics, params, tags }: LogBatch): object => ({ run_id: runId, metrics: metrics?.map(fromMetric), params, tags });

const fromDatasetInput = ({ tags, dataset: { sourceType, ...dataset } }: DatasetInput): object => ({ tags, dataset: { ...dataset, source_type: sourceType } });
