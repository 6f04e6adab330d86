import type { RunGroupsReply } from '../../schemas/workbench-api.ts';
import { joinSql, sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { groupRuns, type GroupedRun } from './group-runs.ts';
import type { GroupQuery } from './run-query.ts';
import { runTermSql } from './search/rich/run-term-sql.ts';
import { selectionSql } from './sqlite-run-rows.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** One statement reads what the groups are made of, of all runs that match. */
export const searchRunGroups = (db: Sql, schema: SqlSchema, query: GroupQuery): RunGroupsReply => {
  const terms = [...query.by, ...query.columns];
  const cells = terms.map((term, index) => sql`${runTermSql(term, schema)} AS ${{ text: `c${index}`, values: [] }}`);
  const rows = db.all<Row>(sql`SELECT ${joinSql(cells, ', ')} FROM runs r WHERE ${selectionSql(query.selection, schema)}`);
  return groupRuns(toGroupedRuns(rows, query), query);
};

function* toGroupedRuns(rows: readonly Row[], { by, columns }: GroupQuery): Iterable<GroupedRun> {
  for (const row of rows) {
    yield {
      by: by.map((_term, index) => row[`c${index}`]),
      columns: columns.map((_term, index) => row[`c${by.length + index}`]),
    };
  }
}
