import { directionsIn, metricDirectionTag, type DirectionOf } from '../../schemas/metric-direction.ts';
import { sql, type Sql } from '../shared/sql.ts';
import { parseExperimentId } from './validation.ts';

/** Whether metrics are better when lower or higher, as the experiments say: the first one first. */
export const readDirections = (db: Sql, experimentIds: readonly string[]): DirectionOf =>
  directionsIn(
    db.all<{ key: string; value: string }>(sql`
      SELECT t."key" AS "key", CAST(t.value AS TEXT) AS value FROM json_each(${JSON.stringify(experimentIds.map(parseExperimentId))}) j
      CROSS JOIN experiment_tags t ON t.experiment_id = j.value WHERE t."key" LIKE ${metricDirectionTag('%')} ORDER BY j.key`),
  );
