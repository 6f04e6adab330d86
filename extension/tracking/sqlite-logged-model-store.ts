import { randomUUID } from 'node:crypto';
import { asModelId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Sql, SqlSchema, StoreDatabase } from '../shared/sql.ts';
import { appendToLocation } from './artifact-uri.ts';
import type { CreateLoggedModel, LoggedModelStore, SearchLoggedModels } from './logged-model-store.ts';
import { checkLoggedModelName, type LoggedModel } from './logged-model.ts';
import { randomRunName } from './run-name.ts';
import { loggedModelsOrderSql, loggedModelsSql } from './search/logged-models-filter.ts';
import { createLoggedModelsToken, readLoggedModelsToken } from './search/logged-models-page-token.ts';
import { getActiveExperiment } from './sqlite-experiments.ts';
import * as rows from './sqlite-logged-models.ts';
import type { Page } from './tracking-store.ts';

/** Logged models in MLflow's own tables; `now` is in ms since the epoch. */
export const createSqliteLoggedModelStore = (database: StoreDatabase, now: () => number = Date.now): LoggedModelStore => {
  const { schema } = database;
  const read = async <T>(work: (db: Sql) => T): Promise<T> =>
    database.read((db) => {
      rows.checkLoggedModelTables(schema);
      return work(db);
    });
  const write = <T>(work: (db: Sql) => T): Promise<T> =>
    database.write((db) => {
      rows.checkLoggedModelTables(schema);
      return work(db);
    });
  return {
    async createLoggedModel(model) {
      if (model.name !== undefined) checkLoggedModelName(model.name);
      return write((db) => createModel(db, schema, model, now()));
    },
    getLoggedModel: (modelId, { allowDeleted = false } = {}) => read((db) => rows.readLoggedModel(db, modelId, allowDeleted)),
    finalizeLoggedModel: (modelId, status) =>
      write((db) => {
        rows.writeStatus(db, modelId, status, now());
        return rows.readLoggedModel(db, modelId);
      }),
    deleteLoggedModel: (modelId) =>
      write((db) => {
        rows.experimentOfModel(db, modelId);
        rows.markDeleted(db, modelId, now());
      }),
    searchLoggedModels: (search) => read((db) => searchModels(db, search)),
    setLoggedModelTags: (modelId, tags) =>
      write((db) => {
        const experimentId = rows.experimentOfModel(db, modelId);
        for (const tag of tags) rows.upsertModelTag(db, modelId, experimentId, tag);
      }),
    deleteLoggedModelTag: (modelId, key) =>
      write((db) => {
        rows.experimentOfModel(db, modelId);
        rows.deleteModelTag(db, modelId, key);
      }),
    logLoggedModelParams: (modelId, params) =>
      write((db) => {
        const experimentId = rows.experimentOfModel(db, modelId);
        for (const param of params) rows.insertModelParam(db, modelId, experimentId, param);
      }),
  };
};

const createModel = (db: Sql, schema: SqlSchema, model: CreateLoggedModel, time: number): LoggedModel => {
  const { experimentId, artifactLocation } = getActiveExperiment(db, schema, model.experimentId);
  const modelId = asModelId(`m-${randomUUID().replaceAll('-', '')}`);
  rows.insertLoggedModel(db, {
    modelId,
    experimentId,
    name: model.name ?? randomRunName(),
    artifactLocation: appendToLocation(artifactLocation, 'models', modelId, 'artifacts'),
    modelType: model.modelType,
    sourceRunId: model.sourceRunId,
    time,
  });
  for (const param of model.params ?? []) rows.insertModelParam(db, modelId, experimentId, param);
  for (const tag of distinctTags(model)) rows.upsertModelTag(db, modelId, experimentId, tag);
  return rows.readLoggedModel(db, modelId);
};

/** MLflow answers a repeated key with its database's error. */
const distinctTags = ({ tags = [] }: CreateLoggedModel): NonNullable<CreateLoggedModel['tags']> => {
  if (new Set(tags.map(({ key }) => key)).size === tags.length) return tags;
  throw new MlflowError('BAD_REQUEST', 'The tags of a new logged model have the same key twice.');
};

/** Reads one model more than asked for, to know whether there is another page. */
const searchModels = (db: Sql, search: SearchLoggedModels): Page<LoggedModel> => {
  const { maxResults } = search;
  if (maxResults < 1)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer`);
  const offset = readLoggedModelsToken(search);
  const page = { where: loggedModelsSql(search), orderBy: loggedModelsOrderSql(search.orderBy ?? []), limit: maxResults + 1, offset };
  const items = rows.readLoggedModels(db, page);
  return items.length > maxResults ? { items: items.slice(0, maxResults), nextPageToken: createLoggedModelsToken(search, offset + maxResults) } : { items };
};
