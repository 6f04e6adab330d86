import { asExperimentId } from '../../schemas/ids.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import type { DatasetSummary } from './tracking-store.ts';
import { parseExperimentId } from './validation.ts';

const mostSummaries = 1000;

interface Row {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | null;
}

/** Each dataset that runs of these experiments used, once per context. */
export const searchDatasets = (db: Sql, schema: SqlSchema, experimentIds: readonly string[]): readonly DatasetSummary[] => {
  const ids = experimentIds.map(parseExperimentId);
  if (!schema.has('datasets')) return [];
  const rows = db.all<Row>(sql`
    SELECT DISTINCT CAST(d.experiment_id AS TEXT) AS experimentId, d.name AS name, d.digest AS digest, t.value AS context
    FROM datasets d JOIN inputs i ON i.source_type = 'DATASET' AND i.source_id = d.dataset_uuid
    LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
    WHERE d.experiment_id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) LIMIT ${mostSummaries}`);
  return rows.map(({ experimentId, name, digest, context }) => ({
    experimentId: asExperimentId(experimentId),
    name,
    digest,
    ...(context === null ? {} : { context }),
  }));
};
