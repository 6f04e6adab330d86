import { asExperimentId, asRunId, type RunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { MlflowError } from '../shared/errors.ts';
import { exactInteger, type StoredInteger } from '../shared/int64.ts';
import { joinSql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import type { LifecycleStage } from './experiment.ts';
import type { Run, RunInfo, RunStatus, Tag } from './run.ts';
import { pagesOf } from './search/page-token.ts';
import { runComparisonSql } from './search/runs-filter-sql.ts';
import { parseRunsFilter } from './search/runs-filter.ts';
import { runsOrderSql } from './search/runs-order.ts';
import { stagesSql } from './sqlite-experiments.ts';
import { readRunInputs, type RunInputs } from './sqlite-inputs.ts';
import { readLatestMetrics } from './sqlite-metrics.ts';
import { knownStatus, problemsOfRun, wholeNumber, withProblems } from './sqlite-oddities.ts';
import { readParams, readTags } from './sqlite-params.ts';
import { findTopRuns } from './sqlite-run-ranking.ts';
import { readRunParts } from './sqlite-run-texts.ts';
import type { Page, RunText, SearchRuns } from './tracking-store.ts';
import { checkMaxResults, parseExperimentId } from './validation.ts';

interface RunRow {
  readonly runId: string;
  readonly name: string | null;
  readonly experimentId: string;
  readonly userId: string | null;
  readonly status: string | null;
  readonly startTime: StoredInteger | null;
  readonly endTime: StoredInteger | null;
  readonly artifactUri: string | null;
  readonly lifecycleStage: LifecycleStage;
}

const columns = sql`r.run_uuid AS runId, r.name AS name, CAST(r.experiment_id AS TEXT) AS experimentId, r.user_id AS userId,
  r.status AS status, ${exactInteger(sql`r.start_time`)} AS startTime, ${exactInteger(sql`r.end_time`)} AS endTime, r.artifact_uri AS artifactUri, r.lifecycle_stage AS lifecycleStage`;

const toRunInfo = (row: RunRow): RunInfo => {
  const [startTime, endTime] = [wholeNumber(row.startTime), wholeNumber(row.endTime)];
  return {
    runId: asRunId(row.runId),
    runName: row.name ?? '',
    experimentId: asExperimentId(row.experimentId),
    userId: row.userId ?? '',
    status: knownStatus(row.status),
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    artifactUri: row.artifactUri ?? '',
    lifecycleStage: row.lifecycleStage,
  };
};

const getRunRow = (db: Sql, runId: RunId): RunRow => {
  const row = db.get<RunRow>(sql`SELECT ${columns} FROM runs r WHERE r.run_uuid = ${runId}`);
  if (row === undefined) throw unknownRun(runId);
  return row;
};

const unknownRun = (runId: RunId): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${runId} not found`);

export const getRunInfo = (db: Sql, runId: RunId): RunInfo => toRunInfo(getRunRow(db, runId));

/** What is asked before each write to a run: no more than that needs. */
export const getActiveRun = (db: Sql, runId: RunId): Pick<RunInfo, 'runId' | 'experimentId'> => {
  const row = db.get<Pick<RunRow, 'experimentId' | 'lifecycleStage'>>(sql`
    SELECT CAST(r.experiment_id AS TEXT) AS experimentId, r.lifecycle_stage AS lifecycleStage FROM runs r WHERE r.run_uuid = ${runId}`);
  if (row === undefined) throw unknownRun(runId);
  if (row.lifecycleStage === 'active') return { runId, experimentId: asExperimentId(row.experimentId) };
  throw new MlflowError('INVALID_PARAMETER_VALUE', `The run ${runId} must be in the 'active' state. Current state is ${row.lifecycleStage}.`);
};

export const getRun = (db: Sql, schema: SqlSchema, runId: RunId): Run => {
  const [run] = hydrate(db, schema, [getRunRow(db, runId)], true);
  if (run === undefined) throw unknownRun(runId);
  return run;
};

/** Fills runs with what other tables know of them, in one query per table. */
const hydrate = (db: Sql, schema: SqlSchema, rows: readonly RunRow[], withModelInputs: boolean): readonly Run[] => {
  const runIds = rows.map((row) => asRunId(row.runId));
  const params = readParams(db, schema, runIds);
  const tags = readTags(db, schema, runIds);
  const metrics = readLatestMetrics(db, schema, runIds);
  const inputs = readRunInputs(db, schema, runIds, withModelInputs);
  return rows.map((row) => {
    const { metrics: latestMetrics = [], problems = [] } = metrics.get(row.runId) ?? {};
    return {
      info: toRunInfo(row),
      params: params.get(row.runId) ?? [],
      latestMetrics,
      tags: withProblems(tags.get(row.runId) ?? [], [...problemsOfRun(row), ...problems]),
      ...inputsOf(inputs, row.runId),
    };
  });
};

const inputsOf = ({ datasets, models, outputs }: RunInputs, runId: string): Pick<Run, 'datasetInputs' | 'modelInputs' | 'modelOutputs'> => ({
  datasetInputs: datasets.get(runId) ?? [],
  modelInputs: models.get(runId) ?? [],
  modelOutputs: outputs.get(runId) ?? [],
});

/** MLflow's own search leaves out model inputs, and so does this one. */
export const searchRuns = (db: Sql, schema: SqlSchema, search: SearchRuns): Page<Run> => {
  const { rows, ...next } = readPage(db, schema, search);
  return { items: hydrate(db, schema, rows, false), ...next };
};

/** Undefined where a run has a problem to tell. */
export const searchRunTexts = (db: Sql, schema: SqlSchema, search: SearchRuns): Page<RunText> | undefined => {
  const { rows, ...next } = readPage(db, schema, search);
  const items = toRunTexts(db, schema, rows);
  return items && { items, ...next };
};

const toRunTexts = (db: Sql, schema: SqlSchema, rows: readonly RunRow[]): readonly RunText[] | undefined => {
  const runIds = rows.map((row) => asRunId(row.runId));
  const parts = rows.some((row) => problemsOfRun(row).length > 0) ? undefined : readRunParts(db, schema, runIds);
  if (parts === undefined) return undefined;
  const inputs = readRunInputs(db, schema, runIds, false);
  return rows.flatMap((row, index) => {
    const texts = parts[index];
    return texts === undefined ? [] : [{ info: toRunInfo(row), ...texts, ...inputsOf(inputs, row.runId) }];
  });
};

interface FoundRows extends Pick<Page<Run>, 'nextPageToken'> {
  readonly rows: readonly RunRow[];
}

const readPage = (db: Sql, schema: SqlSchema, search: SearchRuns): FoundRows => {
  const { offset, tokenFor } = pagesOf('runs', search);
  const rows = readRunRows(db, schema, search, offset);
  return rows.length > search.maxResults ? { rows: rows.slice(0, search.maxResults), nextPageToken: tokenFor(offset + search.maxResults) } : { rows };
};

/** One row more than asked for, to know whether there is another page. */
const readRunRows = (db: Sql, schema: SqlSchema, search: SearchRuns, offset: number): readonly RunRow[] => {
  checkMaxResults(search.maxResults);
  const filters = parseRunsFilter(search.filter ?? '').map(runComparisonSql);
  const order = runsOrderSql(search.orderBy ?? []);
  const where = joinSql([experimentsSql(search.experimentIds), stagesSql(sql`r.lifecycle_stage`, search.viewType ?? 'ACTIVE_ONLY'), ...filters], ' AND ');
  const end = offset + search.maxResults + 1;
  const top = order.metric && findTopRuns(db, schema, { ...order.metric, where, count: end });
  // Sorting whole rows is what makes MLflow's own statement slow: sort ids, then fetch, in the order of the list, which is the outer loop.
  if (top !== undefined)
    return db.all<RunRow>(sql`SELECT ${columns} FROM json_each(${JSON.stringify(top.slice(offset))}) page CROSS JOIN runs r ON r.run_uuid = page.value`);
  const rowIds = db.column<number>(
    sql`SELECT r.rowid FROM runs r ${order.joins} WHERE ${where} ORDER BY ${order.terms} LIMIT ${search.maxResults + 1} OFFSET ${offset}`,
  );
  return db.all<RunRow>(sql`SELECT ${columns} FROM json_each(${JSON.stringify(rowIds)}) page CROSS JOIN runs r ON r.rowid = page.value`);
};

/** The runs `r` of these experiments. */
export const experimentsSql = (experimentIds: readonly string[]): SqlQuery => {
  const ids = experimentIds.map(parseExperimentId);
  const [first] = ids;
  return ids.length === 1 && first !== undefined
    ? sql`r.experiment_id = ${first}`
    : sql`r.experiment_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
};

export interface NewRun {
  readonly info: RunInfo;
  readonly tags: readonly Tag[];
}

export const insertRun = (db: Sql, { info, tags }: NewRun): void => {
  db.run(sql`
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
    VALUES (${info.runId}, ${info.runName}, 'UNKNOWN', '', '', ${info.userId}, ${info.status}, ${info.startTime ?? null}, NULL, NULL, '', 'active', ${info.artifactUri}, ${info.experimentId})`);
  for (const { key, value } of tags) db.run(sql`INSERT INTO tags ("key", value, run_uuid) VALUES (${key}, ${value}, ${info.runId})`);
};

export interface RunChanges {
  readonly status?: RunStatus;
  readonly endTime?: Int64;
  readonly runName?: string;
}

export const updateRunRow = (db: Sql, runId: RunId, changes: RunChanges): void => {
  const { status = null, endTime = null, runName = null } = changes;
  db.run(sql`
    UPDATE runs SET status = coalesce(${status}, status), end_time = coalesce(${endTime}, end_time), name = coalesce(${runName}, name)
    WHERE run_uuid = ${runId}`);
};

export const setRunStage = (db: Sql, schema: SqlSchema, runId: RunId, deletedTime: number | null): void => {
  const stage = deletedTime === null ? 'active' : 'deleted';
  db.run(sql`UPDATE runs SET lifecycle_stage = ${stage}, deleted_time = ${deletedTime} WHERE run_uuid = ${runId}`);
  if (deletedTime !== null) deleteAssessments(db, schema, runId);
};

/** Evaluation results that a run gave to traces go with it, as in MLflow. */
const deleteAssessments = (db: Sql, schema: SqlSchema, runId: RunId): void => {
  if (!schema.has('assessments', 'assessment_metadata')) return;
  db.run(sql`DELETE FROM assessments WHERE instr(assessment_metadata, ${`"mlflow.assessment.sourceRunId": "${runId}"`}) > 0`);
};
