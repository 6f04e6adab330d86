import type { RunSearchReply } from '../../schemas/workbench-api.ts';
import type { StoredInteger } from '../shared/int64.ts';
import { joinSql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { toCell } from './run-cell.ts';
import { colorTag, parentTag, type RowQuery, type RunSelection } from './run-query.ts';
import { filterSql } from './search/rich/filter-sql.ts';
import { rowOrderSql, runTermSql } from './search/rich/run-term-sql.ts';
import type { RunTerm } from './search/rich/run-term.ts';
import { stagesSql } from './sqlite-experiments.ts';
import { knownStatus, wholeNumber } from './sqlite-oddities.ts';
import { findTopRuns } from './sqlite-run-ranking.ts';
import { experimentsSql } from './sqlite-runs.ts';

type Row = RunSearchReply['rows'][number];

interface StoredRow {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string | null;
  readonly status: string | null;
  readonly lifecycleStage: 'active' | 'deleted';
  readonly startTime: StoredInteger | null;
  readonly endTime: StoredInteger | null;
  readonly parentRunId: string | null;
  readonly color: string | null;
}

/** Runs of a search in order, by their row ids: the first ones, or all of them. */
export interface RunList {
  readonly total: number;
  readonly ids: readonly number[];
}

/** So many are listed at once before all are. */
const firstRuns = 1000;

/** To sort all runs takes several times as long as to find the first ones. */
export const listRuns = (db: Sql, schema: SqlSchema, { selection, order, offset, limit }: RowQuery): RunList => {
  const where = selectionSql(selection, schema);
  const isFirst = offset + limit <= firstRuns;
  if (!isFirst) {
    const all = readIds(db, idsSql(where, rowOrderSql(order, schema), -1));
    return { total: all.length, ids: all };
  }
  const total = countRuns(db, where);
  return { total, ids: topByMetric(db, schema, where, order) ?? readIds(db, idsSql(where, rowOrderSql(order, schema), firstRuns)) };
};

const readIds = (db: Sql, query: SqlQuery): readonly number[] => db.all<{ id: number }>(query).map(({ id }) => id);

/** From the top of our index on values, where nothing but one metric is ordered by. */
const topByMetric = (db: Sql, schema: SqlSchema, where: SqlQuery, order: RowQuery['order']): readonly number[] | undefined => {
  const [only, ...others] = order;
  if (only?.term.kind !== 'metric' || others.length > 0) return undefined;
  const runIds = findTopRuns(db, schema, { key: only.term.key, ascending: only.ascending, where, count: firstRuns });
  if (runIds === undefined) return undefined;
  return readIds(db, sql`SELECT r.rowid AS id FROM json_each(${JSON.stringify(runIds)}) j CROSS JOIN runs r ON r.run_uuid = j.value ORDER BY j.key`);
};

/** Of the runs `r` that fulfil a condition. */
export const countRuns = (db: Sql, where: SqlQuery): number => db.get<{ total: number }>(sql`SELECT count(*) AS total FROM runs r WHERE ${where}`)?.total ?? 0;

const idsSql = (where: SqlQuery, order: SqlQuery, limit: number): SqlQuery =>
  sql`SELECT r.rowid AS id FROM runs r WHERE ${where} ORDER BY ${order} LIMIT ${limit}`;

/** Conditions on the run `r`. */
export const selectionSql = (selection: RunSelection, schema: SqlSchema): SqlQuery =>
  joinSql([matchingSql(selection, schema), nestingSql(selection, schema)], ' AND ');

/** Without the filter. */
export const viewSql = ({ experimentIds, viewType }: RunSelection): SqlQuery =>
  sql`${experimentsSql(experimentIds)} AND ${stagesSql(sql`r.lifecycle_stage`, viewType)}`;

const matchingSql = (selection: RunSelection, schema: SqlSchema): SqlQuery => sql`${viewSql(selection)} AND ${filterSql(selection.filter, schema)}`;

const parentSql = sql`(SELECT n.value FROM tags n WHERE n."key" = ${parentTag} AND n.run_uuid = r.run_uuid)`;

/** A nested run stands at the top when its parent is not among those that match: it would be found nowhere else. */
const nestingSql = (selection: RunSelection, schema: SqlSchema): SqlQuery => {
  const { nesting } = selection;
  if (nesting === 'all') return sql`1`;
  if (nesting === 'top')
    return sql`r.run_uuid NOT IN (SELECT n.run_uuid FROM tags n WHERE n."key" = ${parentTag} AND n.value != n.run_uuid
      AND EXISTS (SELECT 1 FROM runs r WHERE r.run_uuid = n.value AND ${matchingSql(selection, schema)}))`;
  return sql`r.run_uuid IN (SELECT n.run_uuid FROM tags n WHERE n."key" = ${parentTag} AND n.value = ${nesting.childrenOf} AND n.run_uuid != n.value)`;
};

/** What the columns show of a page of runs. */
export const readRows = (db: Sql, schema: SqlSchema, places: readonly number[], { columns, selection }: RowQuery): readonly Row[] => {
  const rows = db.all<StoredRow & Readonly<Record<string, string | number | null>>>(rowsSql(places, columns, schema));
  const ids = rows.map(({ runId }) => runId);
  const children = countChildren(db, schema, ids, selection);
  return rows.map((row) => toRow(row, columns.length, children.get(row.runId) ?? 0));
};

const rowsSql = (ids: readonly number[], columns: readonly RunTerm[], schema: SqlSchema): SqlQuery => {
  const cells = columns.map((term, index) => sql`${runTermSql(term, schema)} AS ${{ text: `c${index}`, values: [] }}`);
  const runName = runTermSql({ kind: 'tag', key: 'mlflow.runName' }, schema);
  const parts = [
    sql`r.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId, coalesce(nullif(r.name, ''), ${runName}) AS name, r.status AS status,
      r.lifecycle_stage AS lifecycleStage, r.start_time AS startTime, r.end_time AS endTime`,
    sql`${parentSql} AS parentRunId`,
    sql`${runTermSql({ kind: 'tag', key: colorTag }, schema)} AS color`,
    ...cells,
  ];
  return sql`SELECT ${joinSql(parts, ', ')} FROM json_each(${JSON.stringify(ids)}) page CROSS JOIN runs r ON r.rowid = page.value ORDER BY page.key`;
};

/** Of these runs, among those that match. */
const countChildren = (db: Sql, schema: SqlSchema, runIds: readonly string[], selection: RunSelection): ReadonlyMap<string, number> => {
  const rows = db.all<{ parent: string; children: number }>(sql`
    SELECT n.value AS parent, count(*) AS children FROM tags n CROSS JOIN runs r ON r.run_uuid = n.run_uuid
    WHERE n."key" = ${parentTag} AND n.value IN (SELECT value FROM json_each(${JSON.stringify(runIds)})) AND n.value != n.run_uuid AND ${matchingSql(selection, schema)}
    GROUP BY n.value`);
  return new Map(rows.map(({ parent, children }) => [parent, children]));
};

/** A number, as the reply says, whatever is stored. */
const timeOf = (stored: StoredInteger | null): number | null => {
  const time = wholeNumber(stored);
  return time === undefined ? null : Number(time);
};

const toRow = (row: StoredRow & Readonly<Record<string, string | number | null>>, cells: number, children: number): Row => ({
  runId: row.runId,
  experimentId: row.experimentId,
  name: row.name ?? '',
  status: knownStatus(row.status),
  lifecycleStage: row.lifecycleStage,
  startTime: timeOf(row.startTime),
  endTime: timeOf(row.endTime),
  ...(row.parentRunId !== null && { parentRunId: row.parentRunId }),
  children,
  ...(row.color !== null && { color: row.color }),
  cells: Array.from({ length: cells }, (_value, index) => toCell(row[`c${index}`])),
});
