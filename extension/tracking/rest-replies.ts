import type { WireDatasetInput, WireExperiment, WireMetric, WireNumber, WireRun, WireRunInfo } from '../../schemas/rest-api.ts';
import { JsonBytes, writeJson, type JsonPiece } from '../shared/json.ts';
import type { Experiment } from './experiment.ts';
import type { DatasetInput, Metric, Run, RunInfo } from './run.ts';
import type { RunText } from './tracking-store.ts';

/** From our names to the wire's, as MLflow's server writes them: an empty list and what was never set are left out. */

export const listField = <Name extends string, T>(name: Name, items: readonly T[]): Partial<Record<Name, readonly T[]>> =>
  items.length === 0 ? {} : ({ [name]: items } as Record<Name, readonly T[]>);

const numberReply = (value: number): WireNumber => {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'Infinity' : '-Infinity';
};

export const experimentReply = (experiment: Experiment): WireExperiment => ({
  experiment_id: experiment.experimentId,
  name: experiment.name,
  artifact_location: experiment.artifactLocation,
  lifecycle_stage: experiment.lifecycleStage,
  ...(experiment.lastUpdateTime !== undefined && { last_update_time: experiment.lastUpdateTime }),
  ...(experiment.creationTime !== undefined && { creation_time: experiment.creationTime }),
  ...listField('tags', experiment.tags),
  workspace: 'default',
});

export const metricReply = (metric: Metric): WireMetric => {
  const { key, value, timestamp, step, modelId, datasetName, datasetDigest } = metric;
  const reply = { key, value: numberReply(value), timestamp, step };
  // Few metrics are of a model or a dataset, and a history has thousands of points.
  return modelId === undefined && datasetName === undefined && datasetDigest === undefined ? reply : { ...reply, ...originReply(metric) };
};

const originReply = ({ modelId, datasetName, datasetDigest }: Metric): Partial<WireMetric> => ({
  ...(datasetName !== undefined && { dataset_name: datasetName }),
  ...(datasetDigest !== undefined && { dataset_digest: datasetDigest }),
  ...(modelId !== undefined && { model_id: modelId }),
});

export const runInfoReply = (info: RunInfo): WireRunInfo => ({
  run_uuid: info.runId,
  experiment_id: info.experimentId,
  run_name: info.runName,
  user_id: info.userId,
  status: info.status,
  ...(info.startTime !== undefined && { start_time: info.startTime }),
  // MLflow leaves out an end at 0 too.
  ...(info.endTime !== undefined && info.endTime !== 0 && { end_time: info.endTime }),
  artifact_uri: info.artifactUri,
  lifecycle_stage: info.lifecycleStage,
  run_id: info.runId,
});

const datasetInputReply = ({ tags, dataset: { sourceType, ...dataset } }: DatasetInput): WireDatasetInput => ({
  ...listField('tags', tags),
  dataset: { ...dataset, source_type: sourceType },
});

const dataReply = (run: Run): WireRun['data'] => ({
  ...listField('metrics', run.latestMetrics.map(metricReply)),
  ...listField('params', run.params),
  ...listField('tags', run.tags),
});

const inputsReply = (run: Pick<Run, 'datasetInputs' | 'modelInputs'>): NonNullable<WireRun['inputs']> => ({
  ...listField('dataset_inputs', run.datasetInputs.map(datasetInputReply)),
  ...listField(
    'model_inputs',
    run.modelInputs.map(({ modelId }) => ({ model_id: modelId })),
  ),
});

const outputsReply = ({ modelOutputs }: Pick<Run, 'modelOutputs'>): NonNullable<WireRun['outputs']> =>
  listField(
    'model_outputs',
    modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step })),
  );

export const runReply = (run: Run): WireRun => ({ ...newRunReply(run), outputs: outputsReply(run) });

/** The reply of `runs/create` has no outputs. */
export const newRunReply = (run: Run): WireRun => ({ info: runInfoReply(run.info), data: dataReply(run), inputs: inputsReply(run) });

/** The same as JSON. */
export const runTextReply = (run: RunText): string => {
  const data = [listText('metrics', run.latestMetrics), listText('params', run.params), listText('tags', run.tags)].filter((list) => list !== '');
  return `{"info":${writeJson(runInfoReply(run.info))},"data":{${data.join(',')}},"inputs":${writeJson(inputsReply(run))},"outputs":${writeJson(outputsReply(run))}}`;
};

const listText = (name: string, items: string): string => (items === '[]' ? '' : `"${name}":${items}`);

/** A page of items that are JSON already: one or more of them together, in pieces, with commas between them. */
export const pageOfJson = (list: string, items: readonly (readonly JsonPiece[])[], nextPageToken?: string): JsonBytes => {
  const token = nextPageToken === undefined ? '' : `"next_page_token":${JSON.stringify(nextPageToken)}`;
  const some = items.filter((pieces) => pieces.some(({ length }) => length > 0));
  if (some.length === 0) return new JsonBytes([`{${token}}`]);
  const pieces = some.flatMap((item, index) => (index === 0 ? item : [',', ...item]));
  return new JsonBytes([`{"${list}":[`, ...pieces, token === '' ? ']}' : `],${token}}`]);
};

/** A page's items under the name of their list, and the token of the next page if there is one. */
export const pageReply = <T>(list: string, items: readonly T[], nextPageToken: string | undefined): object => ({
  ...listField(list, items),
  ...(nextPageToken !== undefined && { next_page_token: nextPageToken }),
});
