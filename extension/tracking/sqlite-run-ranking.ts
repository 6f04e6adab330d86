import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';

export interface Ranking {
  readonly key: string;
  readonly ascending: boolean;
  /** Conditions on the run `r`. */
  readonly where: SqlQuery;
  /** How many runs are wanted from the top. */
  readonly count: number;
}

interface RankedRun {
  readonly id: string;
  readonly value: number;
}

/** Rows of the index that are looked at: enough where a good part of them belongs to the search. */
const spanOf = (count: number): number => 4 * count + 400;
/** Deeper than this, to sort all runs costs no more. */
const widestSpan = 6000;

const indexedValues = ({ key }: Ranking): SqlQuery => sql`FROM latest_metrics INDEXED BY workbench_latest_metrics WHERE "key" = ${key} AND is_nan = 0`;

const direction = ({ ascending }: Ranking): SqlQuery => (ascending ? sql`ASC` : sql`DESC`);

/** Exported for the test of its plan. */
export const topRunsSql = (ranking: Ranking, span: number): SqlQuery => sql`
  SELECT r.run_uuid AS id, m.value AS value
  FROM (SELECT run_uuid, value ${indexedValues(ranking)} ORDER BY value ${direction(ranking)} LIMIT ${span}) m
  CROSS JOIN runs r ON r.run_uuid = m.run_uuid
  WHERE ${ranking.where} ORDER BY m.value ${direction(ranking)}, r.start_time DESC, r.run_uuid LIMIT ${ranking.count}`;

/**
 * The first runs by one metric, read from the top of our index on values instead of sorting all runs.
 * Undefined where that does not tell: too few runs of the search are near the top, or so many have the same
 * value that some of them lie beyond what was looked at.
 */
export const findTopRuns = (db: Sql, schema: SqlSchema, ranking: Ranking): readonly string[] | undefined => {
  const span = spanOf(ranking.count);
  if (!schema.hasIndex('workbench_latest_metrics') || span > widestSpan) return undefined;
  const runs = db.all<RankedRun>(topRunsSql(ranking, span));
  const last = runs.at(-1);
  if (last === undefined || runs.length < ranking.count) return undefined;
  const edge = db.get<{ value: number }>(sql`SELECT value ${indexedValues(ranking)} ORDER BY value ${direction(ranking)} LIMIT 1 OFFSET ${span - 1}`);
  return edge?.value === last.value ? undefined : runs.map(({ id }) => id);
};
