import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { asModelId, type ModelId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { pythonRepr } from '../shared/python-text.ts';
import { appendToLocation } from './artifact-uri.ts';
import { getActiveExperiment } from './file-experiments.ts';
import type { FileIndex } from './file-index.ts';
import { makeFolder, removeFile, writeWhole } from './file-io.ts';
import { findLoggedModel, listLoggedModels, ModelFolder, modelStatusNumber } from './file-logged-models.ts';
import { writeMeta } from './file-meta.ts';
import type { CreateLoggedModel, LoggedModelStore, SearchLoggedModels } from './logged-model-store.ts';
import { checkLoggedModelName, loggedModelNotFound, type LoggedModel } from './logged-model.ts';
import { randomRunName } from './run-name.ts';
import type { Param, Tag } from './run.ts';
import { compareLoggedModels, loggedModelMatches } from './search/logged-model-matches.ts';
import { checkDatasets, parseLoggedModelsFilter } from './search/logged-models-filter.ts';
import { createLoggedModelsToken, readLoggedModelsToken } from './search/logged-models-page-token.ts';
import type { Page } from './tracking-store.ts';
import { checkName, parseExperimentId } from './validation.ts';

/** Logged models in MLflow's `mlruns/`; `now` is in ms since the epoch. */
export const createFileLoggedModelStore = (index: FileIndex, now: () => number = Date.now): LoggedModelStore => ({
  async createLoggedModel(model) {
    if (model.name !== undefined) checkLoggedModelName(model.name);
    return createModel(index, model, now());
  },
  getLoggedModel: async (modelId, { allowDeleted = false } = {}) => getModel(index, modelId, allowDeleted).model,
  async finalizeLoggedModel(modelId, status) {
    const found = getModel(index, modelId);
    found.meta.update({ status: modelStatusNumber(status), last_updated_timestamp: now() });
    return found.model;
  },
  deleteLoggedModel: async (modelId) => getModel(index, modelId).meta.update({ lifecycle_stage: 'deleted', last_updated_timestamp: now() }),
  searchLoggedModels: async (search) => searchModels(index, search),
  async setLoggedModelTags(modelId, tags) {
    const { folder } = getModel(index, modelId);
    for (const tag of tags) checkName(tag.key, 'key');
    for (const tag of tags) writePair(folder, 'tags', tag);
  },
  async deleteLoggedModelTag(modelId, key) {
    const { folder, tags } = getModel(index, modelId);
    if (!tags.values.has(key))
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with key ${pythonRepr(key)} found for model with ID ${pythonRepr(modelId)}.`);
    removeFile(join(folder, 'tags', key));
  },
  logLoggedModelParams: async (modelId, params) => writeParams(getModel(index, modelId), params),
});

const getModel = (index: FileIndex, modelId: ModelId, allowDeleted = true): ModelFolder => {
  const found = findLoggedModel(index, modelId);
  if (found === undefined || !found.isWhole || (found.isDeleted && !allowDeleted)) throw loggedModelNotFound(modelId);
  return found;
};

const writePair = (folder: string, section: 'params' | 'tags', { key, value }: Tag): void => writeWhole(join(folder, section, key), value, folder);

/** Written once, all of them or none. */
const writeParams = ({ folder, params: known }: ModelFolder, params: readonly Param[]): void => {
  for (const { key } of params) {
    checkName(key, 'key');
    if (known.values.has(key)) throw new MlflowError('BAD_REQUEST', `Param ${pythonRepr(key)} of a logged model has a value already: params are written once.`);
  }
  for (const param of params) writePair(folder, 'params', param);
};

const createModel = (index: FileIndex, model: CreateLoggedModel, time: number): LoggedModel => {
  const { params = [], tags = [] } = model;
  const { place, experiment } = getActiveExperiment(index, model.experimentId);
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw new MlflowError('BAD_REQUEST', 'The tags of a new logged model have the same key twice.');
  for (const { key } of [...params, ...tags]) checkName(key, 'key');
  const modelId = asModelId(`m-${randomUUID().replaceAll('-', '')}`);
  const folder = join(place.folder, 'models', modelId);
  for (const name of ['metrics', 'params', 'tags']) makeFolder(join(folder, name));
  for (const tag of tags) writePair(folder, 'tags', tag);
  for (const param of params) writePair(folder, 'params', param);
  writeMeta(folder, {
    artifact_location: appendToLocation(experiment.artifactLocation, 'models', modelId, 'artifacts'),
    creation_timestamp: time,
    experiment_id: place.experimentId,
    last_updated_timestamp: time,
    lifecycle_stage: 'active',
    model_id: modelId,
    model_type: model.modelType ?? null,
    name: model.name ?? randomRunName(),
    source_run_id: model.sourceRunId ?? null,
    status: modelStatusNumber('PENDING'),
    status_message: null,
  });
  return new ModelFolder(folder, place.experimentId).model;
};

const searchModels = (index: FileIndex, search: SearchLoggedModels): Page<LoggedModel> => {
  const { maxResults, datasets = [] } = search;
  if (maxResults < 1)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer`);
  const offset = readLoggedModelsToken(search);
  const comparisons = parseLoggedModelsFilter(search.filter ?? '');
  checkDatasets(datasets);
  const compare = compareLoggedModels(search.orderBy ?? []);
  const found = search.experimentIds
    .flatMap((id) => modelsOf(index, id))
    .filter((model) => loggedModelMatches(model, comparisons, datasets))
    .toSorted(compare);
  const items = found.slice(offset, offset + maxResults);
  return found.length > offset + maxResults ? { items, nextPageToken: createLoggedModelsToken(search, offset + maxResults) } : { items };
};

const modelsOf = (index: FileIndex, experimentId: string): readonly LoggedModel[] => {
  const place = index.experiment(parseExperimentId(experimentId))?.place;
  if (place === undefined) return [];
  return listLoggedModels(place.folder, place.experimentId)
    .filter(({ isDeleted }) => !isDeleted)
    .map(({ model }) => model);
};
