import { sql } from '../shared/sql.ts';
import { findLoggedModelOrigin } from '../tracking/sqlite-logged-model-origin.ts';
import type { RegistryTables } from './registry-tables.ts';
import { readDownloadUri, readVersion } from './sqlite-model-versions.ts';
import { findModelTags } from './sqlite-registered-models.ts';
import { readHighestVersion, readVersionByAlias } from './sqlite-version-lookup.ts';
import type { SourceLookup } from './version-source.ts';

export const sourceLookup = (tables: RegistryTables): SourceLookup => ({
  runLocation: (runId) =>
    tables.sql.get<{ location: string }>(sql`SELECT coalesce(artifact_uri, '') AS location FROM runs WHERE run_uuid = ${runId}`)?.location,
  loggedModel: (modelId) => findLoggedModelOrigin(tables.sql, tables.schema, modelId),
  modelTags: (name) => findModelTags(tables, name),
  version: (name, version) => readVersion(tables, name, version),
  versionByAlias: (name, alias) => readVersionByAlias(tables, name, alias),
  highestVersion: (name, stage) => readHighestVersion(tables, name, stage),
  downloadUri: (name, version) => readDownloadUri(tables, name, version),
});
