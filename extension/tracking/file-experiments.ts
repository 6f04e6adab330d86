import { randomInt } from 'node:crypto';
import { join } from 'node:path';

import { asExperimentId, type ExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { appendToLocation } from './artifact-uri.ts';
import type { Experiment, LifecycleStage, ViewType } from './experiment.ts';
import type { ExperimentFolder } from './file-experiment.ts';
import type { FileIndex } from './file-index.ts';
import { makeFolder, makeNewFolder, moveFolder, writeWhole } from './file-io.ts';
import { fileUri, trashFolder } from './file-layout.ts';
import { writeMeta } from './file-meta.ts';
import { pageOf } from './file-page.ts';
import type { Tag } from './run.ts';
import { compareExperiments, experimentMatches } from './search/experiment-matches.ts';
import { parseExperimentsFilter, readExperimentsOrder } from './search/experiments-filter.ts';
import type { Page, SearchExperiments } from './tracking-store.ts';
import { checkMaxResults, parseExperimentId } from './validation.ts';

/** What MLflow takes for an empty id. */
const defaultExperiment = '0';

export const isInView = (stage: LifecycleStage, viewType: ViewType = 'ACTIVE_ONLY'): boolean =>
  viewType === 'ALL' || stage === (viewType === 'ACTIVE_ONLY' ? 'active' : 'deleted');

/** Takes an id as it came over the wire. Whoever reads `viewType` ACTIVE_ONLY does not find deleted ones. */
export const getExperiment = (index: FileIndex, id: string, viewType: ViewType = 'ALL'): ExperimentFolder => {
  const experimentId = parseExperimentId(id || defaultExperiment);
  const found = index.experiment(experimentId);
  if (found !== undefined && isInView(found.experiment.lifecycleStage, viewType)) return found;
  throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${experimentId} exists`);
};

export const getActiveExperiment = (index: FileIndex, id: ExperimentId): ExperimentFolder => {
  const found = getExperiment(index, id);
  const { lifecycleStage, experimentId } = found.experiment;
  if (lifecycleStage === 'active') return found;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `The experiment ${experimentId} must be in the 'active' state. Current state is ${lifecycleStage}.`);
};

export const experimentByName = (index: FileIndex, name: string): Experiment | undefined =>
  index
    .experiments()
    .map(({ experiment }) => experiment)
    .find((experiment) => experiment.name === name);

export const searchExperiments = (index: FileIndex, search: SearchExperiments): Page<Experiment> => {
  checkMaxResults(search.maxResults);
  const comparisons = parseExperimentsFilter(search.filter ?? '');
  const compare = compareExperiments(readExperimentsOrder(search.orderBy ?? []));
  const found = index
    .experiments()
    .map(({ experiment }) => experiment)
    .filter((experiment) => isInView(experiment.lifecycleStage, search.viewType) && experimentMatches(experiment, comparisons));
  return pageOf(found.toSorted(compare), 'experiments', search);
};

export interface NewExperiment {
  readonly name: string;
  readonly tags: readonly Tag[];
  /** ms since the epoch. */
  readonly time: number;
  readonly location: string | undefined;
  readonly artifactRoot: string | undefined;
}

export const createExperiment = (index: FileIndex, experiment: NewExperiment): ExperimentId => {
  const id = newExperimentId();
  writeExperiment(index.root, id, experiment);
  index.list();
  return id;
};

export const writeExperiment = (root: string, id: ExperimentId, { name, tags, time, location, artifactRoot }: NewExperiment): void => {
  const folder = join(root, id);
  makeNewFolder(folder);
  writeMeta(folder, {
    artifact_location: location ?? (artifactRoot === undefined ? fileUri(folder) : appendToLocation(artifactRoot, id)),
    creation_time: time,
    experiment_id: id,
    last_update_time: time,
    lifecycle_stage: 'active',
    name,
  });
  for (const { key, value } of tags) writeWhole(join(folder, 'tags', key), value, folder);
};

/** Eighteen digits, as MLflow's. */
const newExperimentId = (): ExperimentId => asExperimentId(`${randomInt(1, 10)}${[...Array(17).keys()].map(() => randomInt(10)).join('')}`);

/** Deletes or restores the experiment and all its runs; its folder moves to `.trash` and back. */
export const moveExperiment = (index: FileIndex, experiment: ExperimentFolder, stage: LifecycleStage, time: number): void => {
  const { experimentId, folder, isInTrash } = experiment.place;
  if (stage === 'deleted' && experimentId === defaultExperiment)
    throw new MlflowError('INVALID_PARAMETER_VALUE', "Cannot delete the default experiment '0'. This is an internally reserved experiment.");
  const target = stage === 'deleted' ? join(index.root, trashFolder, experimentId) : join(index.root, experimentId);
  for (const run of experiment.runs()) {
    if (run.problem !== undefined || run.info.lifecycleStage === stage) continue;
    run.meta.update({ lifecycle_stage: stage, deleted_time: stage === 'deleted' ? time : null });
    run.check(false);
  }
  experiment.meta.update({ lifecycle_stage: stage, last_update_time: time });
  experiment.check();
  makeFolder(join(index.root, trashFolder));
  if (isInTrash !== (stage === 'deleted')) moveFolder(folder, target);
  index.list();
};
