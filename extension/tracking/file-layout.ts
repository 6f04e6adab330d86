import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { asExperimentId, type ExperimentId } from '../../schemas/ids.ts';
import { exists, isFolder, listFolder } from './file-io.ts';

/** MLflow's `mlruns/`: `<experiment>/<run>/…`, deleted experiments below `.trash/`, the registry below `models/`. */

export const metaFile = 'meta.yaml';
export const trashFolder = '.trash';
export const registryFolder = 'models';

/** Folders of an experiment that are no runs. */
const reservedFolders: ReadonlySet<string> = new Set(['tags', 'datasets', 'traces', 'models', trashFolder]);

/** MLflow's ids have 18 digits, more than a double can hold. */
const isExperimentName = (name: string): boolean => /^\d+$/.test(name);

export interface ExperimentPlace {
  readonly experimentId: ExperimentId;
  readonly folder: string;
  readonly isInTrash: boolean;
}

const placesIn = (parent: string, isInTrash: boolean): readonly ExperimentPlace[] =>
  listFolder(parent)
    .filter((entry) => isExperimentName(entry.name) && isFolder(parent, entry))
    .map(({ name }) => ({ experimentId: asExperimentId(name), folder: join(parent, name), isInTrash }));

/** Numbered folders; beside an `mlflow.db` they hold artifacts only, and no `meta.yaml`. */
export const listExperimentPlaces = (root: string): readonly ExperimentPlace[] => [...placesIn(root, false), ...placesIn(join(root, trashFolder), true)];

export const findExperimentPlace = (root: string, experimentId: ExperimentId): ExperimentPlace | undefined => {
  const places = [
    { experimentId, folder: join(root, experimentId), isInTrash: false },
    { experimentId, folder: join(root, trashFolder, experimentId), isInTrash: true },
  ];
  return isExperimentName(experimentId) ? places.find(({ folder }) => exists(join(folder, metaFile))) : undefined;
};

/** Names of folders that are runs, or would be if they were whole. */
export const listRunNames = (experimentFolder: string): readonly string[] =>
  listFolder(experimentFolder)
    .filter((entry) => !reservedFolders.has(entry.name) && !entry.name.startsWith('.') && isFolder(experimentFolder, entry))
    .map(({ name }) => name);

/** What MLflow's own run ids look like: a folder of such a name without a `meta.yaml` is a run that has lost it. */
export const isRunId = (name: string): boolean => /^[\da-f]{32}$/.test(name);

/** Names that cannot lead out of the folder they are joined to. */
export const isPlainName = (name: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(name) && name !== 'artifacts' && !reservedFolders.has(name);

export const isFileStore = (root: string): boolean => listExperimentPlaces(root).some(({ folder }) => exists(join(folder, metaFile)));

/** `file:///…`, as MLflow writes it. */
export const fileUri = (path: string): string => pathToFileURL(path).href;
