import type { RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import type { Metric, RunInfo } from './run.ts';

const largestDouble = 1.7976931348623157e308;

/** Metrics that name a logged model are kept beside it too, with the dataset they were measured on. */
export const insertModelMetrics = (db: Sql, schema: SqlSchema, run: Pick<RunInfo, 'runId' | 'experimentId'>, metrics: readonly Metric[]): void => {
  const ofModels = metrics.filter((metric) => metric.modelId !== undefined);
  if (ofModels.length === 0) return;
  if (!schema.has('logged_model_metrics'))
    throw new MlflowError('BAD_REQUEST', 'This store has no table logged_model_metrics: it was made by a release of mlflow before 3.0');
  for (const metric of ofModels) insertModelMetric(db, run, metric);
};

const insertModelMetric = (db: Sql, { runId, experimentId }: Pick<RunInfo, 'runId' | 'experimentId'>, metric: Metric): void => {
  const { key, timestamp, step, modelId = '', datasetName = null, datasetDigest = null } = metric;
  refuseUnknownModel(db, modelId, runId);
  db.run(sql`
    INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, experiment_id, run_id, dataset_uuid, dataset_name, dataset_digest)
    VALUES (${modelId}, ${key}, ${timestamp}, ${step}, ${storedValue(metric.value)}, ${experimentId}, ${runId}, NULL, ${datasetName}, ${datasetDigest})
    ON CONFLICT DO NOTHING`);
};

/** This table has no flag for NaN: MLflow stores 0. */
const storedValue = (value: number): number => (Number.isNaN(value) ? 0 : Math.min(Math.max(value, -largestDouble), largestDouble));

const refuseUnknownModel = (db: Sql, modelId: string, runId: RunId): void => {
  const row = db.get(sql`SELECT 1 AS found FROM logged_models WHERE model_id = ${modelId}`);
  if (row === undefined) throw new MlflowError('BAD_REQUEST', `Logged model with ID '${modelId}' not found: its metrics of run '${runId}' cannot be stored.`);
};
