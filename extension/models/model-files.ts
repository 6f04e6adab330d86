import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

import { isSystemError, MlflowError } from '../shared/errors.ts';

/** Texts of a model that are read stay below this (bytes): an input example may be of any size. */
const largestText = 4 * 1024 * 1024;

export interface ModelFile {
  /** Relative to the model, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size?: number;
}

/** The files of a model, wherever they are. Nothing of it is ever loaded: its pickles are bytes. */
export interface ModelFiles {
  /** A folder of this machine. */
  readonly folder?: string;
  /** Undefined when there is no such file. */
  read(path: string, signal?: AbortSignal): Promise<string | undefined>;
  /** All of them; undefined where a store does not tell. */
  list(signal?: AbortSignal): Promise<readonly ModelFile[] | undefined>;
}

/** A model names its files; those that it names elsewhere are not its own. */
export const isInside = (path: string): boolean => path !== '' && !/^([/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..');

export const folderFiles = (folder: string): ModelFiles => ({
  folder,
  read: async (path) => {
    if (!isInside(path)) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${path}' is outside of the model's folder`);
    return await readText(join(folder, path));
  },
  list: async () => await listFolder(folder),
});

const readText = async (path: string): Promise<string | undefined> => {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > largestText) throw tooLarge(path);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
};

const tooLarge = (path: string): MlflowError => new MlflowError('BAD_REQUEST', `${path} is larger than ${largestText / 1024 / 1024} MB`);

/** A model of more files is shown in part. */
const mostFiles = 2_000;

const listFolder = async (folder: string): Promise<readonly ModelFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).slice(0, mostFiles);
  return await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size } = await stat(path);
      return { path: path.slice(resolve(folder).length + 1).replaceAll(sep, '/'), size };
    }),
  );
};

/** The whole of a text that comes in pieces. */
export const collectText = async (chunks: AsyncIterable<Uint8Array>, path: string): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > largestText) throw tooLarge(path);
  }
  return Buffer.concat(parts).toString('utf8');
};
