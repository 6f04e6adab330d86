import { sql, type Sql } from '../shared/sql.ts';

export interface ChangedRun {
  readonly runId: string;
  readonly experimentId: string;
}

export interface MetricRow extends ChangedRun {
  readonly key: string;
}

/** Not by an index: the planner would walk all of one on (run_uuid, key, step) to save the sort of the few new rows. */
export const newMetrics = (read: Sql, after: number): readonly MetricRow[] =>
  read.all<MetricRow>(sql`
    SELECT m.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId, m."key" AS "key"
    FROM (SELECT DISTINCT run_uuid, "key" FROM metrics NOT INDEXED WHERE rowid > ${after}) m JOIN runs r ON r.run_uuid = m.run_uuid`);

export const runsOfParams = (read: Sql, after: number): readonly ChangedRun[] =>
  read.all<ChangedRun>(sql`
    SELECT r.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId
    FROM runs r WHERE r.run_uuid IN (SELECT run_uuid FROM params NOT INDEXED WHERE rowid > ${after})`);

export const runsOfInputs = (read: Sql, after: number): readonly ChangedRun[] =>
  read.all<ChangedRun>(sql`
    SELECT r.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId
    FROM runs r WHERE r.run_uuid IN (
      SELECT CASE WHEN destination_type = 'RUN' THEN destination_id ELSE source_id END FROM inputs NOT INDEXED WHERE rowid > ${after})`);

export const withExperiments = (read: Sql, runIds: readonly string[]): readonly ChangedRun[] => {
  if (runIds.length === 0) return [];
  return read.all<ChangedRun>(sql`
    SELECT run_uuid AS runId, CAST(experiment_id AS TEXT) AS experimentId
    FROM runs WHERE run_uuid IN (SELECT value FROM json_each(${JSON.stringify(runIds)}))`);
};
