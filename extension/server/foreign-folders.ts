import { sep } from 'node:path';

import { workbenchPrefix, type ArtifactFoldersReply } from '../../schemas/workbench-api.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import type { SqliteDatabase } from './database.ts';
import { jsonReply } from './errors.ts';
import type { Route } from './workbench-routes.ts';

/** Of each table; a hostile file could name any number of places. */
const mostLocations = 200;
const mostFolders = 50;

/** Where a store says that artifacts are. */
export type ReadLocations = () => readonly string[];

export const sqliteLocations =
  (database: SqliteDatabase): ReadLocations =>
  () =>
    database.read((read) => readLocations(read, database.schema));

export const artifactFoldersRoute = (readAll: ReadLocations, roots: ArtifactRoots): Route => ({
  method: 'GET',
  path: `${workbenchPrefix}/artifact-folders`,
  handle: async () => jsonReply(await findForeignFolders(readAll(), roots)),
});

const findForeignFolders = async (locations: readonly string[], roots: ArtifactRoots): Promise<ArtifactFoldersReply> => {
  const folders = new Set<string>();
  for (const location of locations) {
    const folder = await roots.foreignFolder(location);
    if (folder !== undefined) folders.add(folder);
  }
  const topmost = [...folders].filter((folder) => ![...folders].some((other) => folder.startsWith(other + sep)));
  return { folders: topmost.toSorted().slice(0, mostFolders) };
};

const readLocations = (read: Sql, schema: SqlSchema): readonly string[] => {
  const queries = [
    sql`SELECT DISTINCT artifact_location AS location FROM experiments WHERE artifact_location <> '' LIMIT ${mostLocations}`,
    sql`
      SELECT r.artifact_uri AS location FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id
      WHERE r.artifact_uri <> '' AND substr(r.artifact_uri, 1, length(e.artifact_location)) <> e.artifact_location LIMIT ${mostLocations}`,
    ...(schema.has('logged_models') ? [locationsOfModels] : []),
    ...(schema.has('model_versions') ? [schema.has('model_versions', 'storage_location') ? locationsOfVersions : sourcesOfVersions] : []),
  ];
  return [...new Set(queries.flatMap((query) => read.all<{ location: string }>(query).map(({ location }) => location)))];
};

/** Of runs and logged models only those that are not below the place of their experiment. */
const locationsOfModels = sql`
  SELECT m.artifact_location AS location FROM logged_models m JOIN experiments e ON e.experiment_id = m.experiment_id
  WHERE substr(m.artifact_location, 1, length(e.artifact_location)) <> e.artifact_location LIMIT ${mostLocations}`;
const locationsOfVersions = sql`SELECT DISTINCT coalesce(storage_location, source) AS location FROM model_versions WHERE source <> '' LIMIT ${mostLocations}`;
const sourcesOfVersions = sql`SELECT DISTINCT source AS location FROM model_versions WHERE source <> '' LIMIT ${mostLocations}`;
