/** Bodies of MLflow's REST API, in wire names. int64 fields are JSON numbers; a field never set is absent. */

/** An integer of 64 bits: a number where a double holds it exactly, a bigint beyond 2^53. */
export type Int64 = number | bigint;

export interface WireTag {
  readonly key: string;
  readonly value?: string;
}

/** JSON has no NaN: MLflow sends it (and infinities, on input) as a string. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export interface WireMetric {
  readonly key: string;
  readonly value: WireNumber;
  readonly timestamp: Int64;
  readonly step?: Int64;
  readonly run_id?: string;
  readonly model_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

export interface WireExperiment {
  readonly experiment_id: string;
  readonly name: string;
  readonly artifact_location: string;
  readonly lifecycle_stage: string;
  readonly last_update_time?: number;
  readonly creation_time?: number;
  readonly tags?: readonly WireTag[];
  /** Since 3.10; always `default` while workspaces are off. */
  readonly workspace?: string;
}

export interface WireRunInfo {
  readonly run_id: string;
  readonly run_uuid: string;
  readonly run_name?: string;
  readonly experiment_id: string;
  readonly user_id?: string;
  readonly status: string;
  readonly start_time?: Int64;
  readonly end_time?: Int64;
  readonly artifact_uri: string;
  readonly lifecycle_stage: string;
}

export interface WireDatasetInput {
  readonly tags?: readonly WireTag[];
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly source_type: string;
    readonly source: string;
    readonly schema?: string;
    readonly profile?: string;
  };
}

export interface WireRun {
  readonly info: WireRunInfo;
  readonly data: {
    readonly metrics?: readonly WireMetric[];
    readonly params?: readonly WireTag[];
    readonly tags?: readonly WireTag[];
  };
  readonly inputs?: {
    readonly dataset_inputs?: readonly WireDatasetInput[];
    readonly model_inputs?: readonly { readonly model_id: string }[];
  };
  readonly outputs?: {
    readonly model_outputs?: readonly { readonly model_id: string; readonly step: Int64 }[];
  };
}

export interface WireAlias {
  readonly alias: string;
  readonly version: string;
}

export interface WireModelVersion {
  readonly name: string;
  readonly version: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp?: number;
  readonly user_id?: string;
  readonly current_stage?: string;
  readonly description?: string;
  readonly source?: string;
  readonly run_id?: string;
  readonly run_link?: string;
  readonly status: string;
  readonly status_message?: string;
  readonly tags?: readonly WireTag[];
  readonly aliases?: readonly string[];
}

export interface WireRegisteredModel {
  readonly name: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp?: number;
  readonly description?: string;
  readonly latest_versions?: readonly WireModelVersion[];
  readonly tags?: readonly WireTag[];
  readonly aliases?: readonly WireAlias[];
}

export interface WireLoggedModel {
  readonly info: {
    readonly model_id: string;
    readonly experiment_id: string;
    readonly name: string;
    readonly creation_timestamp_ms: number;
    readonly last_updated_timestamp_ms: number;
    readonly artifact_uri: string;
    readonly status: string;
    readonly model_type?: string;
    readonly source_run_id?: string;
    readonly status_message?: string;
    readonly tags?: readonly WireTag[];
  };
  readonly data?: {
    readonly params?: readonly WireTag[];
    readonly metrics?: readonly WireMetric[];
  };
}

export interface WireFileInfo {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

export interface WireError {
  readonly error_code: string;
  readonly message: string;
}
