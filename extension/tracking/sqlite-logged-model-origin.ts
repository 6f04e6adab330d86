import type { ModelId } from '../../schemas/ids.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { addModelVersion, modelVersionsTag, type LoggedModelOrigin, type RegisteredVersion } from './logged-model.ts';
import { experimentOfModel, upsertModelTag } from './sqlite-logged-models.ts';

/** Undefined when there is none, or it is deleted; files of releases before 3.0 have none. */
export const findLoggedModelOrigin = (db: Sql, schema: SqlSchema, modelId: string): LoggedModelOrigin | undefined => {
  if (!schema.has('logged_models')) return undefined;
  return db.get<LoggedModelOrigin>(sql`
    SELECT artifact_location AS artifactLocation, source_run_id AS sourceRunId FROM logged_models
    WHERE model_id = ${modelId} AND lifecycle_stage != 'deleted'`);
};

/** MLflow keeps the versions made of a logged model in a tag of it, as a JSON list. */
export const linkModelVersion = (db: Sql, modelId: ModelId, version: RegisteredVersion): void => {
  const known = db.get<{ value: string }>(sql`SELECT tag_value AS value FROM logged_model_tags WHERE model_id = ${modelId} AND tag_key = ${modelVersionsTag}`);
  const value = addModelVersion(known?.value ?? '[]', version);
  upsertModelTag(db, modelId, experimentOfModel(db, modelId), { key: modelVersionsTag, value });
};
