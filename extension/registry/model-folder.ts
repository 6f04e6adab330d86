import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { UploadedFile } from '../artifacts/run-upload.ts';
import { MlflowError } from '../shared/errors.ts';

/** More would be a folder that was chosen by mistake. */
const mostFiles = 10_000;

/** The files of a folder that holds a model, below a folder of the same name. */
export const readModelFolder = async (folder: string): Promise<readonly UploadedFile[]> => {
  const files = await listFiles(folder, '');
  if (files.some(({ path }) => path === 'MLmodel')) return files;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `${basename(folder)} is not a model: a folder that MLflow has saved a model in has a file named MLmodel`);
};

/** Links to files are followed; links to folders are not, since they may lead back. */
const listFiles = async (folder: string, prefix: string): Promise<readonly UploadedFile[]> => {
  const files: UploadedFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [path, place] = [prefix + entry.name, join(folder, entry.name)];
    if (entry.isDirectory()) files.push(...(await listFiles(place, `${path}/`)));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(...(await describeFile(path, place)));
    if (files.length > mostFiles) throw new MlflowError('INVALID_PARAMETER_VALUE', `${basename(folder)} has more than ${mostFiles} files: that is no model`);
  }
  return files;
};

const describeFile = async (path: string, place: string): Promise<readonly UploadedFile[]> => {
  const stats = await stat(place);
  return stats.isFile() ? [{ path, size: stats.size, open: () => createReadStream(place) }] : [];
};
