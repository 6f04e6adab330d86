import type { RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { pythonRepr } from '../shared/python-text.ts';
import type { Param, Tag } from './run.ts';
import { indexedBy } from './sqlite-plans.ts';

/** The run is told by its place in the list that was asked for: to take its id from each row costs as much as key and value. */
interface Row {
  readonly place: number;
  readonly key: string;
  readonly value: string | null;
}

const groupByRun = (runIds: readonly RunId[], rows: readonly Row[]): ReadonlyMap<string, readonly Param[]> => {
  const groups = runIds.map((): Param[] => []);
  for (const { place, key, value } of rows) groups[place]?.push({ key, value: value ?? '' });
  return new Map(runIds.map((runId, place) => [runId, groups[place] ?? []]));
};

export const readParams = (db: Sql, schema: SqlSchema, runIds: readonly RunId[]): ReadonlyMap<string, readonly Param[]> =>
  groupByRun(
    runIds,
    db.all<Row>(sql`
      SELECT j.key AS place, p."key" AS "key", CAST(p.value AS TEXT) AS value
      FROM json_each(${JSON.stringify(runIds)}) j CROSS JOIN params p ${indexedBy(schema, 'index_params_run_uuid')} ON p.run_uuid = j.value`),
  );

export const readTags = (db: Sql, schema: SqlSchema, runIds: readonly RunId[]): ReadonlyMap<string, readonly Tag[]> =>
  groupByRun(
    runIds,
    db.all<Row>(sql`
      SELECT j.key AS place, t."key" AS "key", CAST(t.value AS TEXT) AS value
      FROM json_each(${JSON.stringify(runIds)}) j CROSS JOIN tags t ${indexedBy(schema, 'index_tags_run_uuid')} ON t.run_uuid = j.value`),
  );

const readParam = (db: Sql, runId: RunId, key: string): string | undefined =>
  db.get<{ value: string }>(sql`SELECT CAST(value AS TEXT) AS value FROM params WHERE "key" = ${key} AND run_uuid = ${runId}`)?.value;

const insertParam = (db: Sql, runId: RunId, param: Param): void => {
  db.run(sql`INSERT INTO params ("key", value, run_uuid) VALUES (${param.key}, ${param.value}, ${runId})`);
};

/** A param is written once; the same value again is no error. */
export const logParam = (db: Sql, runId: RunId, param: Param): void => {
  const old = readParam(db, runId, param.key);
  if (old === undefined) insertParam(db, runId, param);
  else if (old !== param.value) {
    const message = `Changing param values is not allowed. Param with key='${param.key}' was already logged with value='${old}' for run ID='${runId}'. Attempted logging new value '${param.value}'.`;
    throw new MlflowError('INVALID_PARAMETER_VALUE', message);
  }
};

/** All or none of a batch; the error names every param that would have changed. */
export const logParams = (db: Sql, runId: RunId, params: readonly Param[]): void => {
  const changed: string[] = [];
  for (const param of params) {
    const old = readParam(db, runId, param.key);
    if (old === undefined) insertParam(db, runId, param);
    else if (old !== param.value) changed.push(`{'key': ${pythonRepr(param.key)}, 'old_value': ${pythonRepr(old)}, 'new_value': ${pythonRepr(param.value)}}`);
  }
  if (changed.length === 0) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Changing param values is not allowed. Params were already logged='[${changed.join(', ')}]' for run ID='${runId}'.`,
  );
};

export const upsertTag = (db: Sql, runId: RunId, tag: Tag): void => {
  db.run(sql`
    INSERT INTO tags ("key", value, run_uuid) VALUES (${tag.key}, ${tag.value}, ${runId})
    ON CONFLICT ("key", run_uuid) DO UPDATE SET value = excluded.value`);
};

export const deleteTag = (db: Sql, runId: RunId, key: string): void => {
  const count = db.run(sql`DELETE FROM tags WHERE "key" = ${key} AND run_uuid = ${runId}`);
  if (count === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${runId}`);
};
