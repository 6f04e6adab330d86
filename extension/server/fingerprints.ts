import { joinSql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';

export type Fingerprint = 'experiments' | 'registry';

/** Length and some of the characters stand for a text: reading it whole would cost ten times as much. */
const markOfText = (column: string): string =>
  `length(${column}) * 31 + coalesce(unicode(${column}), 0) * 7 + coalesce(unicode(substr(${column}, length(${column}) / 2 + 1)), 0) * 3 + coalesce(unicode(substr(${column}, -1)), 0)`;

const ofText = (column: string): string => `sum(${markOfText(column)})`;

/** Tables of runs that are too large to look at as a whole; what MLflow updates in their rows, as numbers. */
const watched = {
  runs: ['coalesce(end_time, 0)', 'coalesce(start_time, 0)', 'unicode(status)', "lifecycle_stage = 'active'", `coalesce(${markOfText('name')}, 0)`],
  tags: [`coalesce(${markOfText('value')}, 0)`],
} as const;

export type WatchedTable = keyof typeof watched;

/** Of all rows that are selected; each number has a sum of its own, which does not lose its last digits. */
export const marksOf = (table: WatchedTable): string => `concat_ws(' ', ${watched[table].map((part) => `sum(${part})`).join(', ')})`;
export const rowMarkOf = (table: WatchedTable): string => `concat_ws(' ', ${watched[table].join(', ')})`;

const summaries = {
  experiments: `count(*), max(rowid), sum(last_update_time), sum(lifecycle_stage = 'active'), ${ofText('name')}`,
  experiment_tags: `count(*), max(rowid), ${ofText('value')}`,
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
