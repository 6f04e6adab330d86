import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

import { isSystemError } from './errors.ts';

/** Readers see the old file or the new one, never half of one. */
export const writeJsonFile = async (path: string, content: object): Promise<void> => {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(content));
  await rename(draft, path);
};

/** As it was written; undefined when there is no such file. */
export const readJsonFile = async <T>(path: string): Promise<T | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
};
