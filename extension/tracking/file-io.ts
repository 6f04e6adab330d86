import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';

/** Synchronous: for many small files that is three to six times as fast, and who calls it has a thread of its own. */

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

/** Folders and files appear and vanish while they are looked at. */
const isAbsence = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

const whenThere = <T>(path: string, read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw explainFileError(error, path);
  }
};

/** Says in words what the system's error means for this file; anything else comes back as it is. */
export const explainFileError = (error: unknown, path: string): unknown => {
  const because = { cause: error };
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new MlflowError('RESOURCE_EXHAUSTED', `Disk full at ${path}: this was not stored`, because);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new MlflowError('PERMISSION_DENIED', `${path} cannot be read or written: ${codeOf(error)}`, because);
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return new MlflowError('INVALID_PARAMETER_VALUE', `${path} cannot be stored: a key with '/' in it and its beginning cannot both be keys`, because);
    case 'ENAMETOOLONG':
      return new MlflowError('INVALID_PARAMETER_VALUE', `${path} cannot be stored: this file system takes no name as long`, because);
    case '':
      return error;
    default:
      return new MlflowError('INTERNAL_ERROR', `${path} cannot be read or written: ${codeOf(error)}`, because);
  }
};

/** The bytes; undefined when there is no such file. */
export const readBytes = (path: string): Buffer | undefined => whenThere(path, () => fs.readFileSync(path));

/** Bytes that are no UTF-8 become U+FFFD: shown, and never written back. */
export const readText = (path: string): string | undefined => readBytes(path)?.toString('utf8');

export const readTail = (path: string, from: number): Buffer | undefined =>
  whenThere(path, () => {
    const file = fs.openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.max(fs.fstatSync(file).size - from, 0));
      return bytes.subarray(0, fs.readSync(file, bytes, 0, bytes.length, from));
    } finally {
      fs.closeSync(file);
    }
  });

export const exists = (path: string): boolean => fs.existsSync(path);

/** Entries of a folder by name; none when there is no such folder. */
export const listFolder = (path: string): readonly fs.Dirent[] =>
  (whenThere(path, () => fs.readdirSync(path, { withFileTypes: true })) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** A link to a folder counts: people keep big experiments on other disks. */
export const isFolder = (parent: string, entry: fs.Dirent): boolean =>
  entry.isDirectory() || (entry.isSymbolicLink() && fs.statSync(join(parent, entry.name), { throwIfNoEntry: false })?.isDirectory() === true);

export const makeFolder = (path: string): void => {
  attempt(path, () => fs.mkdirSync(path, { recursive: true }));
};

/** Fails when it is there. */
export const makeNewFolder = (path: string): void => attempt(path, () => fs.mkdirSync(path));

export const moveFolder = (from: string, to: string): void => attempt(from, () => fs.renameSync(from, to));

export const removeFolder = (path: string): void => attempt(path, () => fs.rmSync(path, { recursive: true, force: true }));

/** False when it was not there. */
export const removeFile = (path: string): boolean => whenThere(path, () => fs.unlinkSync(path)) !== undefined || !exists(path);

/**
 * Writes beside the file and renames, so that a reader meets the old content or the new one. What is in folders of keys is
 * written one folder higher (`draftFolder`): MLflow takes each file there for a key.
 */
export const writeWhole = (path: string, text: string, draftFolder = dirname(path)): void => {
  const draft = join(draftFolder, `.${randomBytes(6).toString('hex')}.draft`);
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    const mode = fs.statSync(path, { throwIfNoEntry: false })?.mode;
    fs.writeFileSync(draft, text, { flag: 'wx' });
    if (mode !== undefined) fs.chmodSync(draft, mode);
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw explainFileError(error, path);
  }
};

/** Adds whole lines in one write; a line that somebody's crash left without its end gets one first. */
export const appendLines = (path: string, lines: string): void =>
  attempt(path, () => {
    fs.mkdirSync(dirname(path), { recursive: true });
    const file = fs.openSync(path, 'a+');
    try {
      const { size } = fs.fstatSync(file);
      const last = Buffer.alloc(1);
      if (size > 0) fs.readSync(file, last, 0, 1, size - 1);
      fs.writeSync(file, size > 0 && last[0] !== 0x0a ? `\n${lines}` : lines);
    } finally {
      fs.closeSync(file);
    }
  });

const attempt = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw explainFileError(error, path);
  }
};

/** ms: a file that changed this shortly before it was read may change once more without a sign. */
const settlingTime = 20;

/** Stands for the content of a file or folder as it is now: equal as long as nobody changes it; empty when it is not there. */
export const stampOf = (path: string): string => {
  const stats = whenThere(path, () => fs.statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return '';
  const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
  return Math.abs(Date.now() - stats.mtimeMs) < settlingTime ? `${stamp} unsettled` : stamp;
};

/** Whether a stamp taken before still holds. */
export const stillHolds = (before: string, now: string): boolean => before === now && !now.endsWith('unsettled');
