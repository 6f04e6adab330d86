import { join } from 'node:path';

import { listModels, type RegisteredModelFolder } from '../registry/file-model.ts';
import type { ImportedVersion } from '../registry/sqlite-import.ts';
import { historyOf } from '../tracking/file-histories.ts';
import type { ExperimentFolder } from '../tracking/file-experiment.ts';
import { FileIndex } from '../tracking/file-index.ts';
import { isFolder, listFolder } from '../tracking/file-io.ts';
import { listLoggedModels, readAllModelMetrics } from '../tracking/file-logged-models.ts';
import { textOf, timeOf } from '../tracking/file-meta.ts';
import { orderHistory } from '../tracking/file-metrics.ts';
import type { RunFolder } from '../tracking/file-run.ts';
import { problemTag } from '../tracking/run.ts';
import type { LoggedModelMetric } from '../tracking/logged-model.ts';
import { storableMetric, type ImportedModel, type ImportedRun } from '../tracking/sqlite-import.ts';

/** What is to be copied, in the order in which rows can refer to each other. */
export interface ConversionSource {
  readonly experiments: readonly ExperimentFolder[];
  readonly runs: readonly { readonly experiment: ExperimentFolder; readonly run: RunFolder }[];
  readonly models: readonly RegisteredModelFolder[];
  /** Folders of traces, which are not copied. */
  readonly traces: number;
}

export const openSource = (root: string): ConversionSource => {
  const experiments = new FileIndex(root).experiments();
  const traces = experiments
    .map(({ place }) => join(place.folder, 'traces'))
    .map((folder) => listFolder(folder).filter((entry) => isFolder(folder, entry)).length);
  return {
    experiments,
    runs: experiments.flatMap((experiment) => experiment.list().map((run) => ({ experiment, run }))),
    models: listModels(root),
    traces: traces.reduce((sum, count) => sum + count, 0),
  };
};

export const readRun = (run: RunFolder, experimentFolder: string): ImportedRun => {
  const { reading } = run.meta;
  const fields = 'fields' in reading ? reading.fields : {};
  const read = run.toRun(experimentFolder, true);
  const histories = [...run.metrics.values.keys()].map((key) => [key, orderHistory(historyOf(run, key).map(storableMetric))] as const);
  return {
    run: { ...read, tags: read.tags.filter(({ key }) => key !== problemTag) },
    deletedTime: timeOf(fields['deleted_time']),
    entryPoint: textOf(fields['entry_point_name']) ?? '',
    sourceName: textOf(fields['source_name']) ?? '',
    sourceVersion: textOf(fields['source_version']) ?? '',
    histories: new Map(histories.filter(([, points]) => points.length > 0)),
  };
};

/** What of a run cannot be copied, in words. */
export const problemsOf = (run: RunFolder, experimentFolder: string): string | undefined =>
  run.toRun(experimentFolder, false).tags.find(({ key }) => key === problemTag)?.value;

/** Logged models of an experiment; metrics of runs that are not there are left out. */
export const readModels = ({ place }: ExperimentFolder, hasRun: (runId: string) => boolean): readonly ImportedModel[] =>
  listLoggedModels(place.folder, place.experimentId).map((folder) => ({
    model: folder.model,
    isDeleted: folder.isDeleted,
    metrics: distinct(readAllModelMetrics(folder.folder).filter(({ runId }) => hasRun(runId))),
  }));

/** A database knows a point by these; of several the first counts. */
const distinct = (metrics: readonly LoggedModelMetric[]): readonly LoggedModelMetric[] => {
  const byKey = Map.groupBy(metrics, ({ key, timestamp, step, runId }) => JSON.stringify([key, timestamp, step, runId]));
  return [...byKey.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
};

/** Deleted ones too: their numbers are not used again. */
export const readVersions = (model: RegisteredModelFolder): readonly ImportedVersion[] =>
  model.allVersions
    .filter(({ meta }) => 'fields' in meta.reading)
    .map((folder) => ({
      version: folder.toVersion(model.name, []),
      stage: textOf(folder.fields['current_stage']) ?? 'None',
      storageLocation: textOf(folder.fields['storage_location']) ?? '',
    }));
