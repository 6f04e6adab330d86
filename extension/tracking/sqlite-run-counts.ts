import type { RunCountsReply } from '../../schemas/workbench-api.ts';
import { sql, type Sql } from '../shared/sql.ts';

interface CountRow {
  readonly experimentId: string;
  readonly runs: number;
  readonly running: number;
}

const runCountsQuery = sql`
  SELECT CAST(experiment_id AS TEXT) AS experimentId, count(*) AS runs, sum(status = 'RUNNING') AS running
  FROM runs WHERE lifecycle_stage = 'active' GROUP BY experiment_id`;

/** Active runs of each experiment that has any. */
export const readRunCounts = (read: Sql): RunCountsReply => ({
  experiments: read.all<CountRow>(runCountsQuery).map(({ experimentId, runs, running }) => ({ experimentId, runs, running })),
});
