import { asExperimentId, asModelId, asRunId } from '../../schemas/ids.ts';
import type { WireLoggedModel } from '../../schemas/rest-api.ts';
import type { HttpClient, HttpRequest } from '../shared/http.ts';
import type { CreateLoggedModel, LoggedModelStore, SearchLoggedModels } from './logged-model-store.ts';
import { loggedModelStatuses, type LoggedModel, type LoggedModelStatus } from './logged-model.ts';
import { toMetric, toPage, toTags } from './rest-wire.ts';

const base = '/api/2.0/mlflow/logged-models';

/** The logged models of any server of MLflow 3, ours included. */
export const createRestLoggedModelStore = (http: HttpClient): LoggedModelStore => {
  const model = async (request: HttpRequest): Promise<LoggedModel> => toLoggedModel((await http.json(request))['model'] as WireLoggedModel);
  const send = async (method: HttpRequest['method'], path: string, json: object = {}): Promise<void> => {
    await http.json({ method, path, json });
  };
  return {
    createLoggedModel: (created) => model({ method: 'POST', path: base, json: createBody(created) }),
    getLoggedModel: (modelId, { allowDeleted } = {}, signal) =>
      model({ method: 'GET', path: pathOf(modelId), query: { allow_deleted: allowDeleted === true ? 'true' : undefined }, signal }),
    finalizeLoggedModel: (modelId, status) => model({ method: 'PATCH', path: pathOf(modelId), json: { model_id: modelId, status: wireStatus(status) } }),
    deleteLoggedModel: (modelId) => send('DELETE', pathOf(modelId)),
    searchLoggedModels: async (search, signal) =>
      toPage(await http.json({ method: 'POST', path: `${base}/search`, json: searchBody(search), isRead: true, signal }), 'models', toLoggedModel),
    setLoggedModelTags: (modelId, tags) => send('PATCH', `${pathOf(modelId)}/tags`, { model_id: modelId, tags }),
    deleteLoggedModelTag: (modelId, key) => send('DELETE', `${pathOf(modelId)}/tags/${encodeURIComponent(key)}`),
    logLoggedModelParams: (modelId, params) => send('POST', `${pathOf(modelId)}/params`, { model_id: modelId, params }),
  };
};

const pathOf = (modelId: string): string => `${base}/${encodeURIComponent(modelId)}`;

const wireStatus = (status: LoggedModelStatus): string => (status === 'UNSPECIFIED' ? 'LOGGED_MODEL_STATUS_UNSPECIFIED' : `LOGGED_MODEL_${status}`);

const toStatus = (text: string): LoggedModelStatus => loggedModelStatuses.find((status) => wireStatus(status) === text) ?? 'UNSPECIFIED';

const toLoggedModel = ({ info, data }: WireLoggedModel): LoggedModel => ({
  modelId: asModelId(info.model_id),
  experimentId: asExperimentId(info.experiment_id),
  name: info.name,
  artifactLocation: info.artifact_uri,
  creationTimestamp: Number(info.creation_timestamp_ms),
  lastUpdatedTimestamp: Number(info.last_updated_timestamp_ms),
  status: toStatus(info.status),
  ...(info.status_message !== undefined && { statusMessage: info.status_message }),
  ...(info.model_type !== undefined && { modelType: info.model_type }),
  ...(info.source_run_id !== undefined && { sourceRunId: asRunId(info.source_run_id) }),
  tags: toTags(info.tags),
  params: toTags(data?.params),
  metrics: (data?.metrics ?? []).map((metric) => ({ ...toMetric(metric), runId: asRunId(metric.run_id ?? '') })),
});

const createBody = ({ experimentId, name, modelType, sourceRunId, params, tags }: CreateLoggedModel): object => ({
  experiment_id: experimentId,
  name,
  model_type: modelType,
  source_run_id: sourceRunId,
  params,
  tags,
});

const searchBody = ({ experimentIds, filter, datasets, orderBy, maxResults, pageToken }: SearchLoggedModels): object => ({
  experiment_ids: experimentIds,
  filter,
  datasets: datasets?.map(({ name, digest }) => ({ dataset_name: name, dataset_digest: digest })),
  order_by: orderBy?.map(({ fieldName, ascending, datasetName, datasetDigest }) => ({
    field_name: fieldName,
    ascending,
    dataset_name: datasetName,
    dataset_digest: datasetDigest,
  })),
  max_results: maxResults,
  page_token: pageToken,
});
