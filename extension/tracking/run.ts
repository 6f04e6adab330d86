import type { ExperimentId, ModelId, RunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import type { LifecycleStage } from './experiment.ts';

export const runStatuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof runStatuses)[number];

export const isRunStatus = (text: string): text is RunStatus => (runStatuses as readonly string[]).includes(text);
export const isTerminated = (status: RunStatus): boolean => status === 'FINISHED' || status === 'FAILED' || status === 'KILLED';

/** On runs of which something cannot be read: what, in a sentence. Never written. */
export const problemTag = 'mlflow-workbench.problem';

export interface Param {
  readonly key: string;
  readonly value: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Metric {
  readonly key: string;
  /** NaN is a value here; MLflow cannot store infinities and keeps ±1.797e308 instead. */
  readonly value: number;
  /** ms since the epoch. */
  readonly timestamp: Int64;
  readonly step: Int64;
  /** Logged-model metrics only. */
  readonly modelId?: ModelId;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

export interface RunInfo {
  readonly runId: RunId;
  readonly runName: string;
  readonly experimentId: ExperimentId;
  readonly userId: string;
  readonly status: RunStatus;
  /** ms since the epoch. */
  readonly startTime?: Int64;
  readonly endTime?: Int64;
  readonly artifactUri: string;
  readonly lifecycleStage: LifecycleStage;
}

export interface DatasetInput {
  readonly tags: readonly Tag[];
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly sourceType: string;
    readonly source: string;
    readonly schema?: string;
    readonly profile?: string;
  };
}

export interface Run {
  readonly info: RunInfo;
  readonly params: readonly Param[];
  /** The value of the highest step per key; ties go to the larger timestamp, then the larger value. */
  readonly latestMetrics: readonly Metric[];
  readonly tags: readonly Tag[];
  readonly datasetInputs: readonly DatasetInput[];
  readonly modelInputs: readonly { readonly modelId: ModelId }[];
  readonly modelOutputs: readonly { readonly modelId: ModelId; readonly step: Int64 }[];
}
