import { basename, join } from 'node:path';

import { asExperimentId, asRunId, type ExperimentId, type RunId } from '../../schemas/ids.ts';
import type { YamlFields, YamlReading, YamlValue } from '../../schemas/yaml-value.ts';
import { listFolder, readText, stampOf } from './file-io.ts';
import type { FileChanges } from './file-changes.ts';
import { readRunInputs } from './file-inputs.ts';
import { KeyFiles } from './file-keys.ts';
import { fileUri, metaFile } from './file-layout.ts';
import { integerOf, MetaFile, textOf } from './file-meta.ts';
import { readMetricFile, type MetricFile } from './file-metrics.ts';
import { runNameTag } from './run-name.ts';
import { isRunStatus, problemTag, runStatuses, type Metric, type Run, type RunInfo, type RunStatus, type Tag } from './run.ts';

export const textFiles = (root: string): KeyFiles<string> => new KeyFiles(root, { read: (path) => readText(path), isSame: (a, b) => a === b });

const metricFiles = (root: string): KeyFiles<MetricFile> =>
  new KeyFiles(root, { read: (path, key, before) => readMetricFile(path, key, before), isSame: (a, b) => a.count === b.count && a.inode === b.inode });

/** What a look at a run's folder has found to be different. */
export interface RunChange {
  readonly isChanged: boolean;
  /** Metrics with new points. */
  readonly metrics: readonly string[];
}

/** One run's folder, as far as it has been read. */
export class RunFolder {
  readonly folder: string;
  readonly runId: RunId;
  readonly experimentId: ExperimentId;
  readonly meta: MetaFile;
  readonly params: KeyFiles<string>;
  readonly tags: KeyFiles<string>;
  readonly metrics: KeyFiles<MetricFile>;
  #info: { readonly reading: YamlReading; readonly read: ReadInfo } | undefined;
  #inputs: string | undefined;

  readonly #changes: FileChanges;

  constructor(folder: string, experimentId: ExperimentId, changes: FileChanges) {
    this.folder = folder;
    this.runId = asRunId(basename(folder));
    this.experimentId = experimentId;
    this.#changes = changes;
    this.meta = new MetaFile(folder);
    this.params = textFiles(join(folder, 'params'));
    this.tags = textFiles(join(folder, 'tags'));
    this.metrics = metricFiles(join(folder, 'metrics'));
  }

  get info(): RunInfo {
    return this.#read().info;
  }

  /** Why its `meta.yaml` tells nothing. */
  get problem(): string | undefined {
    return this.#read().problem;
  }

  get isRunning(): boolean {
    return this.info.status === 'RUNNING' && this.problem === undefined;
  }

  /** With `deep` at each file, otherwise at the folders only: a key that is written anew does not show there. */
  check(deep: boolean): RunChange {
    const isMetaChanged = this.meta.check();
    const params = this.params.check(false);
    const tags = this.tags.check(deep);
    const isChanged = isMetaChanged || params.length + tags.length > 0 || (deep && this.#areInputsChanged());
    const metrics = this.metrics.check(deep);
    if (isChanged) this.#changes.run(this);
    this.#changes.metrics(this, metrics);
    return { isChanged, metrics };
  }

  /** The latest value as it is now. */
  metricNow(key: string): number | undefined {
    if (this.metrics.checkKey(key)) this.#changes.metrics(this, [key]);
    return this.metrics.get(key)?.latest?.value;
  }

  /** The tag as it is now. */
  tagNow(key: string): string | undefined {
    if (this.tags.checkKey(key)) this.#changes.run(this);
    return this.tags.get(key);
  }

  /** Reads all of it, so that the next look finds every change. */
  readAll(): void {
    void [this.params.values, this.tags.values, this.metrics.values];
    this.#areInputsChanged();
  }

  /** Folders in which a change of this run shows. */
  get folders(): readonly string[] {
    return [this.folder, ...this.params.folders, ...this.tags.folders, ...this.metrics.folders];
  }

  #areInputsChanged(): boolean {
    const before = this.#inputs;
    this.#inputs = ['inputs', 'outputs'].map((name) => listFolder(join(this.folder, name)).length).join(' ');
    return before !== undefined && before !== this.#inputs;
  }

  get latestMetrics(): readonly Metric[] {
    return [...this.metrics.values.values()].flatMap(({ latest }) => (latest === undefined ? [] : [latest]));
  }

  get tagList(): readonly Tag[] {
    return [...this.tags.values].map(([key, value]) => ({ key, value }));
  }

  /** With everything that is in the folder; MLflow's search leaves model inputs out. */
  toRun(experimentFolder: string, withModelInputs: boolean): Run {
    const { datasets, models, outputs } = readRunInputs(this.folder, experimentFolder);
    const problems = this.#problems();
    const { info } = this;
    return {
      info: info.runName === '' ? { ...info, runName: this.tags.get(runNameTag) ?? '' } : info,
      params: [...this.params.values].map(([key, value]) => ({ key, value })),
      latestMetrics: this.latestMetrics,
      tags: problems.length === 0 ? this.tagList : [...this.tagList.filter(({ key }) => key !== problemTag), { key: problemTag, value: problems.join('; ') }],
      datasetInputs: datasets,
      modelInputs: withModelInputs ? models : [],
      modelOutputs: outputs,
    };
  }

  #problems(): readonly string[] {
    const lines = [...this.metrics.values].filter(([, { badLines }]) => badLines > 0);
    const ofMetrics = lines.map(([key, { badLines }]) => `metrics/${key}: ${badLines === 1 ? 'a line is' : `${badLines} lines are`} malformed`);
    const texts = [...this.params.values, ...this.tags.values].filter(([, value]) => value.includes('\ufffd'));
    const ofTexts = texts.map(([key]) => `${key} is not text in UTF-8`);
    return [...(this.problem === undefined ? [] : [this.problem]), ...ofMetrics.slice(0, 3), ...ofTexts.slice(0, 3)];
  }

  #read(): ReadInfo {
    const { reading } = this.meta;
    if (this.#info?.reading !== reading) this.#info = { reading, read: toInfo(reading, this.folder, this.experimentId) };
    return this.#info.read;
  }
}

interface ReadInfo {
  readonly info: RunInfo;
  readonly problem: string | undefined;
}

const toInfo = (reading: YamlReading, folder: string, experimentId: ExperimentId): ReadInfo => {
  if ('problem' in reading) return { info: brokenInfo(folder, experimentId), problem: reading.problem };
  const problem = problemOf(reading.fields, basename(folder), experimentId);
  return { info: problem === undefined ? infoOf(reading.fields, folder, experimentId) : brokenInfo(folder, experimentId), problem };
};

/** Old releases wrote `run_uuid` and `name`. */
const problemOf = (fields: YamlFields, name: string, experimentId: ExperimentId): string | undefined => {
  const runId = textOf(fields['run_id'] ?? fields['run_uuid']);
  if (runId !== name) return `${metaFile} is of the run '${runId ?? ''}', its folder is called '${name}'`;
  const owner = textOf(fields['experiment_id']);
  if (owner !== experimentId) return `${metaFile} is of a run of experiment '${owner ?? ''}', its folder is in experiment '${experimentId}'`;
  if (readStatus(fields['status']) === undefined) return `${metaFile} has a status that MLflow does not know`;
  const times = ['start_time', 'end_time'].filter((key) => (fields[key] ?? null) !== null && integerOf(fields[key]) === undefined);
  return times.length === 0 ? undefined : `${metaFile}: ${times.join(' and ')} ${times.length === 1 ? 'is no time' : 'are no times'}`;
};

/** Numbered from 1; a run without one is running. */
const readStatus = (value: YamlValue | undefined): RunStatus | undefined => {
  if (value === undefined || value === null) return 'RUNNING';
  if (typeof value === 'string') return isRunStatus(value) ? value : undefined;
  return typeof value === 'number' ? runStatuses[value - 1] : undefined;
};

export const statusNumber = (status: RunStatus): number => runStatuses.indexOf(status) + 1;

const infoOf = (fields: YamlFields, folder: string, experimentId: ExperimentId): RunInfo => {
  const [startTime, endTime] = [integerOf(fields['start_time']), integerOf(fields['end_time'])];
  return {
    runId: asRunId(basename(folder)),
    runName: textOf(fields['run_name']) ?? textOf(fields['name']) ?? '',
    experimentId,
    userId: textOf(fields['user_id']) ?? '',
    status: readStatus(fields['status']) ?? 'RUNNING',
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    artifactUri: textOf(fields['artifact_uri']) ?? fileUri(join(folder, 'artifacts')),
    lifecycleStage: fields['lifecycle_stage'] === 'deleted' ? 'deleted' : 'active',
  };
};

/** Shown in the place of a run that cannot be read; it is as old as its folder. */
const brokenInfo = (folder: string, experimentId: ExperimentId): RunInfo => ({
  runId: asRunId(basename(folder)),
  runName: `${basename(folder)} (cannot be read)`,
  experimentId: asExperimentId(experimentId),
  userId: '',
  status: 'FAILED',
  startTime: Math.trunc(Number(stampOf(folder).split(' ')[0] ?? 0)),
  artifactUri: fileUri(join(folder, 'artifacts')),
  lifecycleStage: 'active',
});
