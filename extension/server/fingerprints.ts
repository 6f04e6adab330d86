import { emptySql, joinSql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';

export type Fingerprint = 'experiments' | 'runs' | 'tags' | 'registry';

/**
 * One number for the rows of a table. Lengths and some of the characters stand for texts: reading those
 * whole would cost ten times as much.
 */
const ofText = (column: string): string =>
  `sum(length(${column}) * 31 + coalesce(unicode(${column}), 0) * 7 + coalesce(unicode(substr(${column}, length(${column}) / 2 + 1)), 0) * 3 + coalesce(unicode(substr(${column}, -1)), 0))`;

const summaries = {
  experiments: `count(*), max(rowid), sum(last_update_time), sum(lifecycle_stage = 'active'), ${ofText('name')}`,
  experiment_tags: `count(*), max(rowid), ${ofText('value')}`,
  runs: `count(*), max(rowid), sum(end_time), sum(start_time), sum(unicode(status)), sum(lifecycle_stage = 'active'), ${ofText('name')}`,
  tags: `count(*), max(rowid), ${ofText('value')}`,
  registered_models: `count(*), max(rowid), sum(last_updated_time), ${ofText('name')}, ${ofText('description')}`,
  model_versions: `count(*), max(rowid), sum(last_updated_time), ${ofText('description')}, ${ofText('current_stage')}`,
  registered_model_tags: `count(*), max(rowid), ${ofText('value')}`,
  model_version_tags: `count(*), max(rowid), ${ofText('value')}`,
  registered_model_aliases: `count(*), max(rowid), sum(version), ${ofText('alias')}`,
  logged_models: 'count(*), max(rowid), sum(last_updated_timestamp_ms), sum(status)',
  logged_model_tags: `count(*), max(rowid), ${ofText('tag_value')}`,
} as const;

type Table = keyof typeof summaries;

const tablesOf: Readonly<Record<Fingerprint, readonly Table[]>> = {
  experiments: ['experiments', 'experiment_tags'],
  runs: ['runs'],
  tags: ['tags'],
  registry: [
    'registered_models',
    'model_versions',
    'registered_model_tags',
    'model_version_tags',
    'registered_model_aliases',
    'logged_models',
    'logged_model_tags',
  ],
};

const summaryOf = (table: Table): SqlQuery => ({ text: `SELECT concat_ws(' ', ${summaries[table]}) AS summary FROM ${table}`, values: [] });

export const readFingerprint = (read: Sql, schema: SqlSchema, name: Fingerprint): string => {
  const tables = tablesOf[name].filter((table) => schema.has(table));
  if (tables.length === 0) return '';
  return read
    .all<{ summary: string }>(joinSql(tables.map(summaryOf), ' UNION ALL '))
    .map((row) => row.summary)
    .join('|');
};

interface State {
  readonly runId: string;
  readonly state: string;
}

const ofRuns = (runIds: readonly string[] | undefined): SqlQuery =>
  runIds === undefined ? emptySql : sql`WHERE run_uuid IN (SELECT value FROM json_each(${JSON.stringify(runIds)}))`;

/** Per run (all, or these), what MLflow updates in its row. */
export const readRunStates = (read: Sql, runIds?: readonly string[]): Map<string, string> =>
  toMap(
    read.all<State>(sql`SELECT run_uuid AS runId, concat_ws(' ', status, start_time, end_time, lifecycle_stage, name) AS state FROM runs ${ofRuns(runIds)}`),
  );

const tagState: SqlQuery = { text: `concat_ws(' ', ${summaries.tags})`, values: [] };

/** Per run (all, or these), the fingerprint of its tags. */
export const readTagStates = (read: Sql, runIds?: readonly string[]): Map<string, string> =>
  toMap(read.all<State>(sql`SELECT run_uuid AS runId, ${tagState} AS state FROM tags ${ofRuns(runIds)} GROUP BY run_uuid`));

const toMap = (states: readonly State[]): Map<string, string> => new Map(states.map(({ runId, state }) => [runId, state]));

/** Keys that are new or have another value; also those that are gone. */
export const changedKeys = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] => [
  ...[...now.keys()].filter((key) => before.get(key) !== now.get(key)),
  ...[...before.keys()].filter((key) => !now.has(key)),
];
