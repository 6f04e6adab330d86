import type { RunId } from '../../schemas/ids.ts';
import { emptySql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { samplePlaces } from './sample-places.ts';
import { indexedBy } from './sqlite-plans.ts';
import type { SampleMetricHistories } from './tracking-store.ts';

type Sampled = Pick<SampleMetricHistories, 'key' | 'steps' | 'maxResults'>;

/** Of a point whose step is below 2^23 and whose row id is below this, both fit into one number that JavaScript has exactly. */
const rowSpan = 2 ** 30;

/**
 * Row ids of the points of a run that are sampled, in the order of their steps: an index tells them, and no other point is read. Undefined where that
 * does not tell them: points of one step, whose order is that of their times, or steps that are no such numbers. `lastRow` is the table's.
 */
export const sampledRows = (
  db: Sql,
  schema: SqlSchema,
  runId: RunId,
  { lastRow, ...search }: Sampled & { readonly lastRow: number },
): readonly number[] | undefined => {
  const index = indexedBy(schema, 'index_metrics_run_uuid_key_step', 'workbench_metrics');
  if (index === emptySql || lastRow >= rowSpan) return undefined;
  const points = db.column<unknown>(sql`
    SELECT m.step * ${rowSpan} + m.rowid FROM metrics m ${index} WHERE ${conditionOf(runId, search)} ORDER BY m.step`);
  const rows = rowsOf(points, lastRow);
  return rows && samplePlaces(rows.length, search.maxResults).map((place) => rows[place] ?? 0);
};

/** The points `m` of a run that are looked at. */
export const conditionOf = (runId: RunId, { key, steps }: Pick<Sampled, 'key' | 'steps'>): SqlQuery => {
  const within = steps === undefined ? emptySql : sql`AND m.step >= ${steps.from} AND m.step <= ${steps.to}`;
  return sql`m."key" = ${key} AND m.run_uuid = ${runId} ${within}`;
};

const rowsOf = (points: readonly unknown[], lastRow: number): readonly number[] | undefined => {
  const rows: number[] = [];
  let before = -1;
  for (const point of points) {
    if (typeof point !== 'number' || !Number.isSafeInteger(point)) return undefined;
    const step = Math.floor(point / rowSpan);
    const row = point - step * rowSpan;
    if (step <= before || row > lastRow) return undefined;
    rows.push(row);
    before = step;
  }
  return rows;
};
