import { constants } from 'node:fs';
import { access, lstat, opendir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { DeletedItem } from './deleted-items.ts';

export interface ArtifactsSize {
  readonly files: number;
  readonly bytes: number;
}

export interface KeptArtifacts {
  readonly artifactUri: string;
  readonly reason: string;
}

export type ArtifactsOutcome = ArtifactsSize & { readonly kept?: KeptArtifacts };

/** Counts, and with `remove` removes, the artifacts of one run or model. */
export const handleArtifacts = async (roots: ArtifactRoots, item: DeletedItem, remove: boolean): Promise<ArtifactsOutcome> => {
  try {
    const folder = await ownFolder(roots, item);
    if (await exists(folder)) await checkRemovable(dirname(folder));
    const size = await measure(folder);
    if (remove) await removeFolder(folder);
    return size;
  } catch (error) {
    return { files: 0, bytes: 0, kept: { artifactUri: item.artifactUri, reason: errorMessage(error) } };
  }
};

/** A row can say anything: only a folder that is named after its owner, as MLflow names it, is ever removed. */
const ownFolder = async (roots: ArtifactRoots, { id, artifactUri }: DeletedItem): Promise<string> => {
  const folder = await roots.folderOf(artifactUri);
  if (basename(folder) === 'artifacts' && basename(dirname(folder)) === id) return folder;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `The folder does not end with ${id}/artifacts, as folders made by MLflow do`);
};

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Before anything is removed, and in a dry run too: what is in the folder can be removed. */
const checkRemovable = (folder: string): Promise<void> =>
  access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new MlflowError('PERMISSION_DENIED', `${folder} is write-protected`, { cause: error });
  });

/** Links count as files, and are not followed. */
const measure = async (path: string): Promise<ArtifactsSize> => {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return { files: 0, bytes: 0 };
  if (!stats.isDirectory()) return { files: 1, bytes: stats.size };
  await checkRemovable(path);
  let files = 0;
  let bytes = 0;
  for await (const entry of await opendir(path)) {
    const inside = await measure(join(path, entry.name));
    files += inside.files;
    bytes += inside.bytes;
  }
  return { files, bytes };
};

const removeFolder = async (folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  // The folder around it goes too when nothing else is in it.
  await rmdir(dirname(folder)).catch(() => undefined);
};
