import { readFile, writeFile } from 'node:fs/promises';
import { isSystemError, MlflowError } from '../shared/errors.ts';
import { newToken } from '../shared/token.ts';

/** Shorter ones could be guessed. */
const shortest = 16;

/** The token in the file; a new one, readable for its owner only, when the file is not there. */
export const readOrCreateToken = async (path: string): Promise<string> => {
  const fresh = newToken();
  try {
    await writeFile(path, `${fresh}\n`, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  return checkToken((await readFile(path, 'utf8')).trim(), path);
};

/** `source` says where it comes from. */
export const checkToken = (token: string, source: string): string => {
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= shortest) return token;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `${source} holds no token: one word of at least ${shortest} characters`);
};
