import { MlflowError } from '../shared/errors.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';

/** The registry's tables of one file, inside one transaction. */
export interface RegistryTables {
  readonly sql: Sql;
  readonly schema: SqlSchema;
  /** ms since the epoch. */
  readonly now: number;
}

export type RegistryTable = 'registered_models' | 'registered_model_tags' | 'registered_model_aliases' | 'model_versions' | 'model_version_tags';

/**
 * Since 3.10 rows belong to a workspace, `default` unless a server with workspaces wrote them. An upgrade
 * by Python gives one table after the other its column. Each query names one table, so the column needs no prefix.
 */
export const inWorkspace = (schema: SqlSchema, table: RegistryTable): SqlQuery => (schema.has(table, 'workspace') ? sql`workspace = 'default'` : sql`TRUE`);

export const checkReadable = (schema: SqlSchema): void => {
  if (schema.has('registered_models') && schema.has('model_versions')) return;
  throw new MlflowError('NOT_IMPLEMENTED', 'This file was made by a release of mlflow that had no model registry');
};

/** Releases before 2.9 had no aliases, or did not keep where a version's files are. */
export const checkWritable = (schema: SqlSchema): void => {
  checkReadable(schema);
  if (schema.has('registered_model_aliases') && schema.has('model_versions', 'storage_location')) return;
  throw new MlflowError('PERMISSION_DENIED', 'The model registry of this file can only be read: it was made by a release of mlflow before 2.9');
};
