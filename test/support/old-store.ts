import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

const recording = join(import.meta.dirname, '../golden/databases/mlflow-2.9.2.sql');

/** A store as mlflow 2.9.2 made it, with an experiment and runs. */
export const restoreOldStore = (path: string, change = ''): void => {
  new Database(path).exec(`PRAGMA foreign_keys = OFF; ${readFileSync(recording, 'utf8')}; ${change}`).close();
};

export const revisionOf = (path: string): unknown => {
  const database = new Database(path, { readonly: true });
  const revision = database.prepare('SELECT version_num FROM alembic_version').pluck().get();
  database.close();
  return revision;
};

/** Makes a file look like one of a release before 2.9: without a column that we write. What Python's upgrade does to it is `renewStore`. */
export const ageStore = (path: string): void => {
  new Database(path)
    .exec("PRAGMA foreign_keys = OFF; ALTER TABLE experiments DROP COLUMN last_update_time; UPDATE alembic_version SET version_num = '0c779009ac13'")
    .close();
};

export const renewStore = (path: string): void => {
  new Database(path).exec("ALTER TABLE experiments ADD COLUMN last_update_time BIGINT; UPDATE alembic_version SET version_num = 'bda7b8c39065'").close();
};
