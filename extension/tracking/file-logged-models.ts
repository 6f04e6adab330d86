import { basename, join } from 'node:path';

import { asExperimentId, asModelId, asRunId, type ExperimentId } from '../../schemas/ids.ts';
import type { YamlFields } from '../../schemas/yaml-value.ts';
import type { FileIndex } from './file-index.ts';
import { appendLines, exists, isFolder, listFolder } from './file-io.ts';
import { KeyFiles } from './file-keys.ts';
import { fileUri, isPlainName, metaFile } from './file-layout.ts';
import { MetaFile, textOf, timeOf } from './file-meta.ts';
import { isLater, modelMetricLine, readLines, toMetric } from './file-metrics.ts';
import { textFiles } from './file-run.ts';
import { loggedModelStatuses, type LoggedModel, type LoggedModelMetric, type LoggedModelStatus } from './logged-model.ts';
import type { Metric } from './run.ts';

/** `<experiment>/models/<model>/` */
export class ModelFolder {
  readonly folder: string;
  readonly meta: MetaFile;
  readonly params: KeyFiles<string>;
  readonly tags: KeyFiles<string>;
  readonly #experimentId: ExperimentId;

  constructor(folder: string, experimentId: ExperimentId) {
    this.folder = folder;
    this.meta = new MetaFile(folder);
    this.params = textFiles(join(folder, 'params'));
    this.tags = textFiles(join(folder, 'tags'));
    this.#experimentId = experimentId;
  }

  get isDeleted(): boolean {
    return this.#fields['lifecycle_stage'] === 'deleted';
  }

  /** False when its `meta.yaml` tells nothing, or something of another model. */
  get isWhole(): boolean {
    const { reading } = this.meta;
    return 'fields' in reading && textOf(reading.fields['model_id']) === basename(this.folder);
  }

  get model(): LoggedModel {
    const pairs = (files: KeyFiles<string>) => [...files.values].map(([key, value]) => ({ key, value }));
    return {
      ...toLoggedModel(this.#fields, this.folder, this.#experimentId),
      params: pairs(this.params),
      tags: pairs(this.tags),
      metrics: readModelMetrics(this.folder),
    };
  }

  get #fields(): YamlFields {
    const { reading } = this.meta;
    return 'fields' in reading ? reading.fields : {};
  }
}

const toLoggedModel = (fields: YamlFields, folder: string, experimentId: ExperimentId): Omit<LoggedModel, 'params' | 'tags' | 'metrics'> => {
  const [statusMessage, modelType, sourceRunId] = [textOf(fields['status_message']), textOf(fields['model_type']), textOf(fields['source_run_id'])];
  return {
    modelId: asModelId(basename(folder)),
    experimentId: asExperimentId(experimentId),
    name: textOf(fields['name']) ?? '',
    artifactLocation: textOf(fields['artifact_location']) ?? fileUri(join(folder, 'artifacts')),
    creationTimestamp: timeOf(fields['creation_timestamp']) ?? 0,
    lastUpdatedTimestamp: timeOf(fields['last_updated_timestamp']) ?? 0,
    status: loggedModelStatuses[Number(fields['status'] ?? 0)] ?? 'UNSPECIFIED',
    ...(statusMessage !== undefined && { statusMessage }),
    ...(modelType !== undefined && { modelType }),
    ...(sourceRunId !== undefined && { sourceRunId: asRunId(sourceRunId) }),
  };
};

export const modelStatusNumber = (status: LoggedModelStatus): number => loggedModelStatuses.indexOf(status);

/** `<timestamp> <value> <step> <run>[ <dataset> <digest>]`, of a model. */
const readModelMetricLine = (key: string, line: string): LoggedModelMetric | undefined => {
  const fields = line.trim().split(' ');
  const [timestamp = '', value = '', step = '', runId = '', datasetName, datasetDigest] = fields;
  const metric = [4, 6].includes(fields.length) ? toMetric({ key, timestamp, value, step, datasetName, datasetDigest }) : undefined;
  return metric && { ...metric, runId: asRunId(runId) };
};

/** All that is in the files. */
export const readAllModelMetrics = (folder: string): readonly LoggedModelMetric[] => {
  const modelId = asModelId(basename(folder));
  const files = new KeyFiles(join(folder, 'metrics'), {
    read: (path, key) => readLines(path, 0, (line) => readModelMetricLine(key, line))?.metrics,
    isSame: () => false,
  });
  return [...files.values.values()].flatMap((metrics) => metrics.map((metric) => ({ ...metric, modelId })));
};

/** As with MLflow's file store the latest of each metric on each dataset. */
const readModelMetrics = (folder: string): readonly LoggedModelMetric[] => {
  const groups = Map.groupBy(readAllModelMetrics(folder), ({ key, datasetName, datasetDigest }) => `${key} ${datasetName} ${datasetDigest}`);
  return [...groups.values()].map((group) => group.reduce((latest, metric) => (isLater(metric, latest) ? metric : latest)));
};

export const listLoggedModels = (experimentFolder: string, experimentId: ExperimentId): readonly ModelFolder[] => {
  const parent = join(experimentFolder, 'models');
  return listFolder(parent)
    .filter((entry) => isFolder(parent, entry) && isPlainName(entry.name))
    .map(({ name }) => new ModelFolder(join(parent, name), experimentId))
    .filter(({ isWhole }) => isWhole);
};

/** Deleted ones too. */
export const findLoggedModel = (index: FileIndex, modelId: string): ModelFolder | undefined => {
  if (!isPlainName(modelId)) return undefined;
  for (const { place } of index.experiments()) {
    const folder = join(place.folder, 'models', modelId);
    if (exists(join(folder, metaFile))) return new ModelFolder(folder, place.experimentId);
  }
  return undefined;
};

/** Metrics that name a logged model are kept with it too. */
export const logModelMetrics = (index: FileIndex, runId: string, metrics: readonly Metric[]): void => {
  for (const metric of metrics) {
    const model = findLoggedModel(index, metric.modelId ?? '');
    if (model !== undefined) appendLines(join(model.folder, 'metrics', metric.key), modelMetricLine(metric, runId));
  }
};
