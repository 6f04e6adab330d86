import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { asExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { writeExperiment } from './file-experiments.ts';
import { listFolder, makeFolder } from './file-io.ts';
import { isFileStore, trashFolder } from './file-layout.ts';

/** What MLflow makes when it finds no folder: experiment 0 and the trash. */
export const createFileStore = (root: string, now: () => number = Date.now): void => {
  makeFolder(join(root, trashFolder));
  writeExperiment(root, asExperimentId('0'), { name: 'Default', tags: [], time: now(), location: undefined, artifactRoot: undefined });
};

/** Whether the path is a folder; what is not there counts when it is called as MLflow's own folder of runs, or ends with a slash. */
export const isFolderPath = (path: string): boolean => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? /(?:^|[/\\])mlruns[/\\]?$/.test(path) : stats.isDirectory();
};

/** Throws when the folder is no store; makes one of a folder that is not there or empty when asked to. */
export const checkFileStore = (root: string, create: boolean): void => {
  if (existsSync(root) && isFileStore(root)) return;
  const isEmpty = listFolder(root).length === 0;
  if (create && isEmpty) return createFileStore(root);
  if (!existsSync(root)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${root} does not exist`);
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `${root} is a folder but not an MLflow store: it has no experiment, that is, no numbered folder with a meta.yaml`,
  );
};

/** One sentence; undefined when the store can be written. */
export const readOnlyReasonOf = (root: string): string | undefined => {
  try {
    accessSync(root, constants.W_OK);
    return undefined;
  } catch {
    return `${root} can only be read: the folder is write-protected`;
  }
};
