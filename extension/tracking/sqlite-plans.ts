import { emptySql, sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';

const plans = {
  index_params_run_uuid: sql`INDEXED BY index_params_run_uuid`,
  index_tags_run_uuid: sql`INDEXED BY index_tags_run_uuid`,
  index_latest_metrics_run_uuid: sql`INDEXED BY index_latest_metrics_run_uuid`,
  /** MLflow's since 3.12, ours in files that we make: of the same columns. */
  index_metrics_run_uuid_key_step: sql`INDEXED BY index_metrics_run_uuid_key_step`,
  workbench_metrics: sql`INDEXED BY workbench_metrics`,
  index_metrics_run_uuid: sql`INDEXED BY index_metrics_run_uuid`,
} as const;

/** Pins a query to the first of these indexes that the file has: naming one that is gone would be an error. */
export const indexedBy = (schema: SqlSchema, ...indexes: readonly (keyof typeof plans)[]): SqlQuery => {
  const index = indexes.find((name) => schema.hasIndex(name));
  return index === undefined ? emptySql : plans[index];
};

/** For the points of one run: without it SQLite may walk a key through all runs. */
export const indexedByRun = (schema: SqlSchema): SqlQuery =>
  indexedBy(schema, 'index_metrics_run_uuid_key_step', 'workbench_metrics', 'index_metrics_run_uuid');
