import { createHash, hash } from 'node:crypto';

import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';

export type Fingerprint = 'experiments' | 'registry';

/** The columns that MLflow updates in place. */
const updatedColumns = {
  experiments: ['name', 'lifecycle_stage', 'last_update_time'],
  experiment_tags: ['value'],
  runs: ['status', 'start_time', 'end_time', 'lifecycle_stage', 'name'],
  tags: ['value'],
  registered_models: ['name', 'description', 'last_updated_time'],
  model_versions: ['name', 'description', 'current_stage', 'last_updated_time'],
  registered_model_tags: ['value'],
  model_version_tags: ['value'],
  registered_model_aliases: ['alias', 'version'],
  logged_models: ['status', 'lifecycle_stage', 'last_updated_timestamp_ms'],
  logged_model_tags: ['tag_value'],
} as const;

type Table = keyof typeof updatedColumns;

/** Tables of runs, too large to look at as a whole. */
export type WatchedTable = 'runs' | 'tags';

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

/** What a row holds in the columns that are updated, as one text. */
export const rowStateOf = (table: Table): SqlQuery => ({
  text: updatedColumns[table].map((column) => `coalesce(${column}, char(0))`).join(' || char(31) || '),
  values: [],
});

/** Of many rows, in the order in which they are read. SQLite joins their texts many times faster than they are read row by row. */
export const joinStates = (state: SqlQuery): SqlQuery => sql`coalesce(group_concat(${state}, char(30)), '')`;

export const digestOf = (states: string): string => hash('sha1', states, 'base64');

/** Few enough for the longest string that there can be. */
const rowsAtOnce = 10_000;

interface Rows {
  /** As text: ids of experiments go beyond 2^53. */
  readonly last: string | null;
  readonly states: string;
}

const readRows = (read: Sql, table: Table, after: string): Rows | undefined => {
  const rows = sql`SELECT rowid AS id, ${rowStateOf(table)} AS state FROM ${{ text: table, values: [] }} NOT INDEXED WHERE rowid > ${after} ORDER BY rowid LIMIT ${rowsAtOnce}`;
  return read.get<Rows>(sql`SELECT CAST(max(id) AS TEXT) AS last, ${joinStates(sql`state`)} AS states FROM (${rows})`);
};

const belowAll = (-(2n ** 63n)).toString();

/** Differs whenever a row has come, gone or changed. */
export const readFingerprint = (read: Sql, schema: SqlSchema, name: Fingerprint): string => {
  const digest = createHash('sha1');
  for (const table of tablesOf[name].filter((one) => schema.has(one))) {
    for (let rows = readRows(read, table, belowAll); typeof rows?.last === 'string'; rows = readRows(read, table, rows.last)) {
      digest.update(`${rows.last} ${rows.states}`);
    }
    digest.update(table);
  }
  return digest.digest('base64');
};
