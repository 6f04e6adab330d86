import type { ModelId } from '../../schemas/ids.ts';
import { pythonJsonText } from '../shared/python-text.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { experimentOfModel, upsertModelTag } from './sqlite-logged-models.ts';

/** What a version of a registered model takes from the logged model that it comes from. */
export interface LoggedModelOrigin {
  readonly artifactLocation: string;
  readonly sourceRunId: string | null;
}

/** Undefined when there is none, or it is deleted; files of releases before 3.0 have none. */
export const findLoggedModelOrigin = (db: Sql, schema: SqlSchema, modelId: string): LoggedModelOrigin | undefined => {
  if (!schema.has('logged_models')) return undefined;
  return db.get<LoggedModelOrigin>(sql`
    SELECT artifact_location AS artifactLocation, source_run_id AS sourceRunId FROM logged_models
    WHERE model_id = ${modelId} AND lifecycle_stage != 'deleted'`);
};

export interface RegisteredVersion {
  readonly name: string;
  readonly version: number;
}

const modelVersionsTag = 'mlflow.modelVersions';

/** MLflow keeps the versions made of a logged model in a tag of it, as a JSON list. */
export const linkModelVersion = (db: Sql, modelId: ModelId, version: RegisteredVersion): void => {
  const known = db.get<{ value: string }>(sql`SELECT tag_value AS value FROM logged_model_tags WHERE model_id = ${modelId} AND tag_key = ${modelVersionsTag}`);
  const value = pythonJsonText([...readVersions(known?.value ?? '[]'), version]);
  upsertModelTag(db, modelId, experimentOfModel(db, modelId), { key: modelVersionsTag, value });
};

const readVersions = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};
