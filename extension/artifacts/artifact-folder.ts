import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, opendir, readdir, realpath, rm, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { type ErrorCode, isSystemError, MlflowError } from '../shared/errors.ts';
import { childOf, nameOf, parentOf, prefixesOf, type ArtifactPath } from './artifact-path.ts';
import type { FileInfo } from './artifact-repository.ts';

/** The only way from an artifact path to the disk. */

/** Hidden from lists until it gets its name. */
export const unfinishedName = (id: string): string => `.${id}.upload`;
const isUnfinished = (name: string): boolean => /^\.[\da-f-]{36}\.upload$/.test(name);

export interface OpenArtifact {
  readonly handle: FileHandle;
  /** Bytes when it was opened. */
  readonly size: number;
}

const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file below the root. Links may point to places inside the root only; what was opened is
 * compared with what the path resolves to afterwards, so that a link swapped in between is not followed.
 */
export const openArtifact = async (root: string, path: ArtifactPath): Promise<OpenArtifact> => {
  const name = path.join('/');
  const handle = await open(join(root, ...path), openFlags).catch((error: unknown) => fail(error, name));
  try {
    const stats = await handle.stat();
    await checkIdentity(root, path, stats);
    if (stats.isDirectory()) throw new MlflowError('INVALID_PARAMETER_VALUE', `Artifact path refers to a directory, not a file: '${name}'`);
    if (!stats.isFile()) throw new MlflowError('INVALID_PARAMETER_VALUE', `Artifact path refers to no regular file: '${name}'`);
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const checkIdentity = async (root: string, path: ArtifactPath, opened: Stats): Promise<void> => {
  const name = path.join('/');
  const real = await containedPath(root, path);
  const found = await stat(real).catch((error: unknown) => fail(error, name));
  if (found.ino !== opened.ino || found.dev !== opened.dev) throw outside(name);
};

const outside = (name: string): MlflowError => new MlflowError('PERMISSION_DENIED', `'${name}' is a link that leaves the artifact folder`);

/** The path with all links resolved, which must be the root or below it. */
export const containedPath = async (root: string, path: ArtifactPath): Promise<string> => {
  const name = path.join('/');
  const realRoot = await realpath(root).catch((error: unknown) => fail(error, name));
  const real = await realpath(join(root, ...path)).catch((error: unknown) => fail(error, name));
  if (real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return real;
  throw outside(name);
};

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'RESOURCE_DOES_NOT_EXIST',
  ENOTDIR: 'RESOURCE_DOES_NOT_EXIST',
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EROFS: 'PERMISSION_DENIED',
  ENOSPC: 'RESOURCE_EXHAUSTED',
  EDQUOT: 'RESOURCE_EXHAUSTED',
};

/** What the file system says, in words for the client: its own message would name a path of this machine. */
export const fail = (error: unknown, name: string): never => {
  if (error instanceof MlflowError) throw error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${name}'`, cause);
  throw new MlflowError(
    codes[code] ?? 'INVALID_PARAMETER_VALUE',
    `Artifact '${name}' cannot be read or written (${code === '' ? 'unknown error' : code})`,
    cause,
  );
};

/** Direct children, sorted; an absent folder, or a file, has none. */
export const listFolder = async (root: string, folder: ArtifactPath): Promise<readonly FileInfo[]> => {
  const path = await containedPath(root, folder).catch(absentIsUndefined);
  if (path === undefined || !(await stat(path)).isDirectory()) return [];
  const files: FileInfo[] = [];
  for await (const entry of await opendir(path)) {
    const info = isUnfinished(entry.name) ? undefined : await describe(root, childOf(folder, entry.name));
    if (info !== undefined) files.push(info);
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
};

const absentIsUndefined = (error: unknown): undefined => {
  if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
  throw error;
};

/** Files and folders; what is something else, is gone meanwhile or leads outside is not shown. */
const describe = async (root: string, artifactPath: ArtifactPath): Promise<FileInfo | undefined> => {
  const path = artifactPath.join('/');
  const real = await containedPath(root, artifactPath).catch(() => undefined);
  const stats = real === undefined ? undefined : await stat(real).catch(() => undefined);
  if (stats?.isDirectory() === true) return { path, isDirectory: true };
  return stats?.isFile() === true ? { path, isDirectory: false, size: stats.size } : undefined;
};

/** The real path of a folder below the root, made where it is missing; the root is made too. */
export const makeFolder = async (root: string, folder: ArtifactPath): Promise<string> => {
  const name = folder.join('/');
  await mkdir(root, { recursive: true }).catch((error: unknown) => fail(error, name));
  for (const part of prefixesOf(folder)) {
    const parent = await containedPath(root, parentOf(part));
    await mkdir(join(parent, nameOf(part))).catch((error: unknown) => (isSystemError(error, 'EEXIST') ? checkName(parent, nameOf(part)) : fail(error, name)));
    await checkFolder(root, part);
  }
  return containedPath(root, folder);
};

const checkFolder = async (root: string, path: ArtifactPath): Promise<void> => {
  const stats = await stat(await containedPath(root, path));
  if (!stats.isDirectory()) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${path.join('/')}' is a file: nothing can be below it`);
};

/** What is there under this name must have just this name. */
export const checkName = async (folder: string, name: string): Promise<void> => {
  const isThere = await lstat(join(folder, name)).then(
    () => true,
    () => false,
  );
  if (isThere) refuseFoldedName(await readdir(folder), name);
};

/** File systems that fold letter case or Unicode forms would let one artifact take the place of another. */
export const refuseFoldedName = (names: readonly string[], name: string): void => {
  if (names.includes(name)) return;
  throw new MlflowError(
    'RESOURCE_CONFLICT',
    `The file system does not tell '${name}' from a name that is there: they differ in letter case or Unicode form only`,
  );
};

/** A file, or a folder with all that is in it; a link itself, never what it points to. */
export const removeArtifact = async (root: string, path: ArtifactPath): Promise<void> => {
  const name = path.join('/');
  const parent = await containedPath(root, parentOf(path));
  const target = join(parent, nameOf(path));
  await lstat(target).catch((error: unknown) => fail(error, name));
  await rm(target, { recursive: true }).catch((error: unknown) => fail(error, name));
};
