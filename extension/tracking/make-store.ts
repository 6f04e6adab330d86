import { randomBytes } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isSystemError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { run } from '../shared/process.ts';
import { addressText } from './store-connection.ts';

/** Opening a store that has no tables makes them, at the revision of that release. */
const script = 'import sys; from mlflow import MlflowClient; MlflowClient(sys.argv[1]).search_experiments(max_results=1)';
/** ms; the first import of mlflow can take half a minute on a cold disk. */
const timeout = 120_000;

/**
 * Makes a SQLite store by the mlflow of a Python interpreter, so that the file has the revision which that
 * release expects. False when it has no mlflow, or cannot. The file appears whole; one that another window has
 * made meanwhile is kept.
 */
export const makeStoreWithPython = async (python: string, path: string, log: Logger, signal?: AbortSignal): Promise<boolean> => {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const args = ['-c', script, addressText({ kind: 'sqlite', path: draft })];
    const output = await run({ file: python, args, cwd: dirname(path) }, { timeout, ...(signal && { signal }) });
    if (output.code !== 0) {
      log.info(`${python} did not make ${path}: ${lastLine(output.stderr)}`);
      return false;
    }
    await link(draft, path).catch(keepExisting);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
};

const keepExisting = (error: unknown): void => {
  if (!isSystemError(error, 'EEXIST')) throw error;
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
