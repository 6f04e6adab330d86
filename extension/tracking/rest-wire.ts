import { asExperimentId, asModelId, asRunId } from '../../schemas/ids.ts';
import type { Int64, WireDatasetInput, WireExperiment, WireMetric, WireNumber, WireRun, WireRunInfo, WireTag } from '../../schemas/rest-api.ts';
import { toInt64 } from '../shared/int64.ts';
import type { Experiment, LifecycleStage } from './experiment.ts';
import { isRunStatus, type DatasetInput, type Metric, type Run, type RunInfo, type Tag } from './run.ts';
import type { Page } from './tracking-store.ts';

/** From the wire's names to ours and back: the one translation of the clients of MLflow's API. */

const toStage = (text: string): LifecycleStage => (text === 'deleted' ? 'deleted' : 'active');

const toTag = ({ key, value }: WireTag): Tag => ({ key, value: value ?? '' });

export const toTags = (tags: readonly WireTag[] | undefined): readonly Tag[] => (tags ?? []).map(toTag);

export const toExperiment = (wire: WireExperiment): Experiment => ({
  experimentId: asExperimentId(wire.experiment_id),
  name: wire.name,
  artifactLocation: wire.artifact_location,
  lifecycleStage: toStage(wire.lifecycle_stage),
  ...(wire.creation_time === undefined ? {} : { creationTime: Number(wire.creation_time) }),
  ...(wire.last_update_time === undefined ? {} : { lastUpdateTime: Number(wire.last_update_time) }),
  tags: toTags(wire.tags),
});

/** Some servers write numbers of 64 bits as text. */
const readInt64 = (value: Int64 | string): Int64 => (typeof value === 'string' ? toInt64(BigInt(value)) : value);

/** JSON has no NaN and no infinities: they travel as these words. */
const fromNumber = (value: number): WireNumber => {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'Infinity' : '-Infinity';
};

export const toMetric = (wire: WireMetric): Metric => ({
  key: wire.key,
  value: Number(wire.value),
  timestamp: readInt64(wire.timestamp),
  step: readInt64(wire.step ?? 0),
  ...(wire.model_id === undefined ? {} : { modelId: asModelId(wire.model_id) }),
  ...(wire.dataset_name === undefined ? {} : { datasetName: wire.dataset_name }),
  ...(wire.dataset_digest === undefined ? {} : { datasetDigest: wire.dataset_digest }),
});

export const fromMetric = ({ key, value, timestamp, step, modelId, datasetName, datasetDigest }: Metric): WireMetric => ({
  key,
  value: fromNumber(value),
  timestamp,
  step,
  ...(modelId === undefined ? {} : { model_id: modelId }),
  ...(datasetName === undefined ? {} : { dataset_name: datasetName }),
  ...(datasetDigest === undefined ? {} : { dataset_digest: datasetDigest }),
});

export const toRunInfo = (wire: WireRunInfo): RunInfo => ({
  runId: asRunId(wire.run_id),
  runName: wire.run_name ?? '',
  experimentId: asExperimentId(wire.experiment_id),
  userId: wire.user_id ?? '',
  status: isRunStatus(wire.status) ? wire.status : 'RUNNING',
  ...(wire.start_time === undefined ? {} : { startTime: readInt64(wire.start_time) }),
  ...(wire.end_time === undefined ? {} : { endTime: readInt64(wire.end_time) }),
  artifactUri: wire.artifact_uri,
  lifecycleStage: toStage(wire.lifecycle_stage),
});

const toDatasetInput = ({ tags, dataset }: WireDatasetInput): DatasetInput => ({
  tags: toTags(tags),
  dataset: {
    name: dataset.name,
    digest: dataset.digest,
    sourceType: dataset.source_type,
    source: dataset.source,
    ...(dataset.schema === undefined ? {} : { schema: dataset.schema }),
    ...(dataset.profile === undefined ? {} : { profile: dataset.profile }),
  },
});

export const toRun = (wire: WireRun): Run => ({
  info: toRunInfo(wire.info),
  params: toTags(wire.data.params),
  latestMetrics: (wire.data.metrics ?? []).map(toMetric),
  tags: toTags(wire.data.tags),
  datasetInputs: (wire.inputs?.dataset_inputs ?? []).map(toDatasetInput),
  modelInputs: (wire.inputs?.model_inputs ?? []).map(({ model_id }) => ({ modelId: asModelId(model_id) })),
  modelOutputs: (wire.outputs?.model_outputs ?? []).map(({ model_id, step }) => ({ modelId: asModelId(model_id), step: readInt64(step) })),
});

export const toPage = <Wire, Item>(reply: Record<string, unknown>, list: string, toItem: (wire: Wire) => Item): Page<Item> => {
  const items = ((reply[list] ?? []) as readonly Wire[]).map(toItem);
  const token = reply['next_page_token'];
  return typeof token === 'string' && token !== '' ? { items, nextPageToken: token } : { items };
};
