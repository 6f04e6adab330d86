import { hash } from 'node:crypto';

import { sql, type SqlQuery } from '../shared/sql.ts';

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

type UpdatedTable = keyof typeof updatedColumns;

/** Tables of runs: of their changes it is told whose they are. */
export type RunTable = 'runs' | 'tags';

/** Of the others only that something has changed. */
export type PlainTable = Exclude<UpdatedTable, RunTable>;

/** What a row holds in the columns that are updated, as one text. */
export const rowStateOf = (table: UpdatedTable): SqlQuery => ({
  text: updatedColumns[table].map((column) => `coalesce(${column}, char(0))`).join(' || char(31) || '),
  values: [],
});

/** Of many rows, in the order in which they are read. SQLite joins their texts many times faster than they are read row by row. */
export const joinStates = (state: SqlQuery): SqlQuery => sql`coalesce(group_concat(${state}, char(30)), '')`;

export const digestOf = (states: string): string => hash('sha1', states, 'base64');
