import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { MlflowError } from '../shared/errors.ts';
import { lockHolderOf } from './lock-holder.ts';
import { isWritable } from './writable.ts';

const resultCode = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : '');

/** Another program changes the tables: nothing can be written until it is done. */
export class UpgradeUnderWay extends MlflowError {
  constructor(path: string) {
    super('TEMPORARILY_UNAVAILABLE', `${path} is being upgraded by mlflow`);
  }
}

/** Another program holds the file: worth another try. */
export const isBusy = (error: unknown): boolean => error instanceof UpgradeUnderWay || /^SQLITE_(BUSY|LOCKED)/.test(resultCode(error));

/** The connection's pages cannot be trusted any more: it is closed and opened again before the next try. */
export const isBrokenConnection = (error: unknown): boolean => resultCode(error).startsWith('SQLITE_IOERR');

const isLocked = (path: string): string => {
  const holder = lockHolderOf(path);
  return `${path} is locked by another program${holder === undefined ? '' : `, ${holder}`}: database is locked`;
};

const inProtectedFolder = (path: string): string =>
  `${path} cannot be opened: its folder is write-protected, and SQLite has to write beside the file (in WAL mode even to read it). Work on a copy in another folder`;

/** Says in words what SQLite's result code means for this file; anything else comes back as it is. */
export const explainSqliteError = (error: unknown, path: string): unknown => {
  if (!(error instanceof Database.SqliteError)) return error;
  const because = { cause: error };
  if (isBusy(error)) return new MlflowError('TEMPORARILY_UNAVAILABLE', isLocked(path), because);
  if (error.code.startsWith('SQLITE_CONSTRAINT')) return new MlflowError('BAD_REQUEST', error.message, because);
  if (error.code === 'SQLITE_FULL') return new MlflowError('RESOURCE_EXHAUSTED', `Disk full at ${path}: nothing of this request was stored`, because);
  if (error.code.startsWith('SQLITE_CANTOPEN') && !isWritable(dirname(path))) return new MlflowError('PERMISSION_DENIED', inProtectedFolder(path), because);
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(error.code))
    return new MlflowError('PERMISSION_DENIED', `${path} cannot be opened or written: ${error.message}`, because);
  if (error.code === 'SQLITE_NOTADB') return new MlflowError('INVALID_PARAMETER_VALUE', `${path} is not a SQLite database`, because);
  if (error.code.startsWith('SQLITE_CORRUPT'))
    return new MlflowError('INTERNAL_ERROR', `${path} is damaged: ${error.message}. Work on a copy and try sqlite3's .recover`, because);
  // Limits of SQLite that only what a client sends can reach: a pattern, a number of values, an expression.
  if (error.code === 'SQLITE_TOOBIG' || /\btoo (?:complex|large|many|deep|long|big)\b/.test(error.message))
    return new MlflowError('INVALID_PARAMETER_VALUE', `The request is more than SQLite can do: ${error.message}`, because);
  return new MlflowError('INTERNAL_ERROR', `SQLite failed on ${path}: ${error.message}`, because);
};
