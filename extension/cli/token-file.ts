import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { MlflowError } from '../shared/errors.ts';

/** Shorter ones could be guessed. */
const shortest = 16;

/** 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The token in the file; a new one, readable for its owner only, when the file is not there. */
export const readOrCreateToken = async (path: string): Promise<string> => {
  const fresh = newToken();
  try {
    await writeFile(path, `${fresh}\n`, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const token = (await readFile(path, 'utf8')).trim();
  if (!/^\S+$/.test(token) || token.length < shortest)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${path} holds no token: one word of at least ${shortest} characters`);
  return token;
};
