import { accessSync, constants, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { listFolder, removeFile, removeFolder } from '../tracking/file-io.ts';
import { metaFile } from '../tracking/file-layout.ts';
import { listLoggedModels } from '../tracking/file-logged-models.ts';
import { chooseDeleted, type Candidate, type Candidates, type DeletedItems } from './deleted-items.ts';

/** What a request is about in an `mlruns/`; what cannot be read is not deleted, whatever it says. */
export const findDeletedFolders = (index: FileIndex, request: PermanentDeletionRequest): DeletedItems => {
  const items = chooseDeleted(candidatesIn(index), request);
  for (const folder of foldersOf(index, items)) checkFolder(folder);
  return items;
};

const candidatesIn = (index: FileIndex): Candidates => {
  const all = index.experiments();
  return {
    experiments: all.map(({ place, experiment, problem }) => ({
      id: place.experimentId,
      experimentId: place.experimentId,
      artifactUri: '',
      isDeleted: problem === undefined && experiment.lifecycleStage === 'deleted',
    })),
    runs: all.flatMap((experiment) =>
      experiment.runs().map(({ info, problem }): Candidate => {
        const { runId: id, experimentId, artifactUri, lifecycleStage } = info;
        return { id, experimentId, artifactUri, isDeleted: problem === undefined && lifecycleStage === 'deleted' };
      }),
    ),
    models: all.flatMap(({ place }) =>
      listLoggedModels(place.folder, place.experimentId).map(({ model, isDeleted }): Candidate => {
        return { id: model.modelId, experimentId: place.experimentId, artifactUri: model.artifactLocation, isDeleted };
      }),
    ),
  };
};

/** Runs and models before the experiments that they are in. */
const foldersOf = (index: FileIndex, { runs, models, experimentIds }: DeletedItems): readonly string[] => {
  const all = index.experiments();
  const idsOf = (items: DeletedItems['runs']): ReadonlySet<string> => new Set(items.map(({ id }) => id));
  const [runIds, modelIds] = [idsOf(runs), idsOf(models)];
  return [
    ...all.flatMap((experiment) => experiment.runs().flatMap(({ runId, folder }) => (runIds.has(runId) ? [folder] : []))),
    ...all.flatMap(({ place }) => listLoggedModels(place.folder, place.experimentId).flatMap(({ folder }) => (modelIds.has(basename(folder)) ? [folder] : []))),
    ...all.flatMap(({ place }) => (experimentIds.includes(place.experimentId) ? [place.folder] : [])),
  ];
};

/** Before anything is removed, and in a dry run too. What a link leads to may be anybody's. */
const checkFolder = (folder: string): void => {
  if (lstatSync(folder).isSymbolicLink())
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${folder} is a link: remove it by hand, and what it leads to if that is yours`);
  try {
    for (const one of [folder, dirname(folder)]) accessSync(one, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new MlflowError('PERMISSION_DENIED', `${folder} is write-protected`, { cause: error });
  }
};

export const removeFolders = (index: FileIndex, items: DeletedItems): void => {
  for (const folder of foldersOf(index, items)) {
    for (const { name } of listFolder(folder)) if (name !== metaFile) removeFolder(join(folder, name));
    // Until it is empty it is still listed as deleted.
    removeFile(join(folder, metaFile));
    removeFolder(folder);
  }
};
