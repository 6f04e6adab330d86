import type { RunId } from '../../schemas/ids.ts';
import type { JsonPiece } from '../shared/json.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { samplePlaces } from './sample-places.ts';
import { conditionOf, sampledRows } from './sqlite-metric-samples.ts';
import { indexedByRun } from './sqlite-plans.ts';
import type { GetMetricHistory, PointPieces, SampleMetricHistories } from './tracking-store.ts';

/**
 * Points as JSON that SQLite writes itself. A row costs the driver as much as all of this, and as much again to be made an object and JSON. SQLite's digits
 * are exact: 17 of them where a number needs them. It is handed out as bytes: as a text it would be decoded, put together and encoded again.
 */

const largestDouble = 1.7976931348623157e308;

/** What no MLflow has written is what it is where rows are read as objects: a value that is no number is NaN, a step or time that is no integer 0. */
const numberText = ({ nan, infinity, minusInfinity }: PointPieces): SqlQuery => sql`CASE
  WHEN m.is_nan = 0 AND m.value BETWEEN ${-largestDouble} AND ${largestDouble} THEN m.value
  WHEN m.is_nan = 1 OR typeof(m.value) NOT IN ('real', 'integer') THEN ${nan}
  WHEN m.value > 0 THEN CASE WHEN m.value > ${largestDouble} THEN ${infinity} ELSE m.value END
  WHEN m.value < ${-largestDouble} THEN ${minusInfinity} ELSE m.value END`;

const integer = (column: SqlQuery): SqlQuery => sql`iif(typeof(${column}) = 'integer', ${column}, 0)`;

/** All points of `from`, which has them as `m`, in its order. */
const pointsJson = (db: Sql, from: SqlQuery, pieces: PointPieces): readonly JsonPiece[] => {
  const { beforeValue, beforeTimestamp, beforeStep, end } = pieces;
  const [timestamp, step] = [integer(sql`m.timestamp`), integer(sql`m.step`)];
  // What is the same in all of them is put between two of them, as one text.
  const [bytes] = db.column<Uint8Array | null>(sql`
    SELECT CAST(group_concat(${numberText(pieces)} || ${beforeTimestamp} || ${timestamp} || ${beforeStep} || ${step}, ${`${end},${beforeValue}`}) AS BLOB) FROM ${from}`);
  return bytes instanceof Uint8Array ? [beforeValue, bytes, end] : [];
};

/** Undefined where the whole history would not fit, and for later pages. */
export const readHistoryJson = (db: Sql, schema: SqlSchema, search: GetMetricHistory, pieces: PointPieces): readonly JsonPiece[] | undefined => {
  const { maxResults = Infinity, pageToken = '' } = search;
  const points = sql`FROM metrics m ${indexedByRun(schema)} WHERE ${conditionOf(search.runId, search)}`;
  if (pageToken !== '' || countOf(db, points) > maxResults) return undefined;
  return pointsJson(db, sql`(SELECT m.value, m.is_nan, m.timestamp, m.step ${points} ORDER BY m.timestamp, m.step, m.value) m`, pieces);
};

const countOf = (db: Sql, points: SqlQuery): number => db.column<number>(sql`SELECT count(*) ${points}`)[0] ?? 0;

export const readSampleJson = (
  db: Sql,
  schema: SqlSchema,
  search: SampleMetricHistories,
  piecesFor: (runId: RunId) => PointPieces,
): readonly (readonly JsonPiece[])[] => {
  const [lastRow = 0] = db.column<number | null>(sql`SELECT max(rowid) FROM metrics`);
  return search.runIds.flatMap((runId) => {
    const rows = sampledRows(db, schema, runId, { ...search, lastRow: lastRow ?? 0 }) ?? sortedRows(db, schema, runId, search);
    return rows.length === 0 ? [] : [pointsJson(db, sql`json_each(${JSON.stringify(rows)}) j CROSS JOIN metrics m ON m.rowid = j.value`, piecesFor(runId))];
  });
};

/** The sample where no index tells it. */
const sortedRows = (db: Sql, schema: SqlSchema, runId: RunId, search: SampleMetricHistories): readonly number[] => {
  const rows = db.column<number>(sql`
    SELECT m.rowid FROM metrics m ${indexedByRun(schema)} WHERE ${conditionOf(runId, search)} ORDER BY m.step, m.timestamp, m.value, m.is_nan`);
  return samplePlaces(rows.length, search.maxResults).flatMap((place) => rows[place] ?? []);
};
