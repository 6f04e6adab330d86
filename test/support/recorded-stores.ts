import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { workbenchIndexes } from '../../schemas/tracking-database.ts';

/** Made by scripts/record-databases.ts. */
const folder = join(import.meta.dirname, '..', 'golden', 'databases');

const versionOf = (file: string): string => file.replace(/^mlflow-|\.sql$/g, '');

/** Stores as releases of mlflow have made them, the oldest release first. */
export const recordedStores: readonly string[] = readdirSync(folder).toSorted((a, b) => versionOf(a).localeCompare(versionOf(b), 'en', { numeric: true }));

/** The store of the newest release that was recorded. */
export const newestRecordedStore = recordedStores.at(-1) ?? '';

/** Alembic's revision of a file. */
export const revisionOf = (path: string): unknown => {
  const database = new Database(path, { readonly: true });
  const revision: unknown = database.prepare('SELECT version_num FROM alembic_version').pluck().get();
  database.close();
  return revision;
};

/** Makes the file that this release left. */
export const restoreRecordedStore = (file: string, path: string): void => {
  // Tables come in the order of their names, not of their references.
  new Database(path).exec(`PRAGMA foreign_keys = OFF; ${readFileSync(join(folder, file), 'utf8')}`).close();
};

/** As in files that we make, except for those that this release brings itself. */
export const addWorkbenchIndexes = (path: string): void => {
  const database = new Database(path);
  const known = new Set(database.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'index'").pluck().all());
  for (const { name, definition, unless } of workbenchIndexes) {
    if (unless === undefined || !known.has(unless)) database.exec(`CREATE INDEX ${name} ON ${definition}`);
  }
  database.close();
};
