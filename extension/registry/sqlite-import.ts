import { sql, type Sql } from '../shared/sql.ts';
import type { Tag } from '../tracking/run.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';

export interface ImportedVersion {
  readonly version: ModelVersion;
  /** As it is kept: of deleted versions MLflow's own word for that. */
  readonly stage: string;
  readonly storageLocation: string;
}

/** Rows for a model of another registry, as it is: times, stages and numbers are kept. */
export const importModel = (db: Sql, model: RegisteredModel, versions: readonly ImportedVersion[]): void => {
  const { name, creationTimestamp, lastUpdatedTimestamp, description = null, tags, aliases } = model;
  db.run(sql`
    INSERT INTO registered_models (name, creation_time, last_updated_time, description)
    VALUES (${name}, ${creationTimestamp}, ${lastUpdatedTimestamp}, ${description})`);
  for (const { key, value } of tags) db.run(sql`INSERT INTO registered_model_tags ("key", value, name) VALUES (${key}, ${value}, ${name})`);
  for (const version of versions) importVersion(db, name, version);
  for (const { alias, version } of aliases) db.run(sql`INSERT INTO registered_model_aliases (alias, version, name) VALUES (${alias}, ${version}, ${name})`);
};

const importVersion = (db: Sql, name: string, { version, stage, storageLocation }: ImportedVersion): void => {
  const { description = null, userId = null, runId = null, runLink = null, statusMessage = null } = version;
  db.run(sql`
    INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, status, status_message, run_link, storage_location)
    VALUES (${name}, ${version.version}, ${version.creationTimestamp}, ${version.lastUpdatedTimestamp}, ${description}, ${userId}, ${stage},
      ${version.source}, ${runId}, ${version.status}, ${statusMessage}, ${runLink}, ${storageLocation})`);
  for (const { key, value } of version.tags) importTag(db, name, version.version, { key, value });
};

const importTag = (db: Sql, name: string, version: number, { key, value }: Tag): void => {
  db.run(sql`INSERT INTO model_version_tags ("key", value, name, version) VALUES (${key}, ${value}, ${name}, ${version})`);
};
