import { link, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { MlflowError } from '../shared/errors.ts';
import { run, start } from '../shared/process.ts';
import { addressText } from './store-connection.ts';

/**
 * Copies a database by SQLite's backup API, which others may go on writing to meanwhile, and checks the copy. Python's
 * standard library has it, and Python is what upgrades the file.
 */
const copyScript = `
import sqlite3, sys
from contextlib import closing
source, target = sys.argv[1:]
with closing(sqlite3.connect(source, timeout=20)) as one, closing(sqlite3.connect(target, timeout=20)) as two:
    one.backup(two, pages=2000, progress=lambda status, left, total: print(total - left, total, flush=True))
    result = two.execute("PRAGMA integrity_check").fetchone()[0]
if result != "ok":
    sys.exit("the copy is damaged: " + result)
`;

/** Pages. */
export type OnProgress = (copied: number, total: number) => void;

/** ms; a migration of a file with millions of metrics takes minutes. */
const upgradeTimeout = 3_600_000;

/** `mlflow.db` becomes `mlflow.2026-11-25T15-30-00.backup.db`, in the same folder. */
export const backupPathOf = (path: string, now: Date): string => {
  const [, name = '', extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(basename(path)) ?? [];
  return join(dirname(path), `${name}.${now.toISOString().slice(0, 19).replaceAll(':', '-')}.backup${extension}`);
};

/** Makes a whole copy of a store, or none; never over a file that is there. */
export const backUpStore = async (python: string, path: string, backup: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void> => {
  const draft = `${backup}.part`;
  try {
    await copyDatabase(python, path, draft, onProgress, signal);
    await link(draft, backup);
  } finally {
    await rm(draft, { force: true });
  }
};

/** Makes the store what it was when the copy was made, in one transaction. */
export const restoreStore = (python: string, path: string, backup: string): Promise<void> => copyDatabase(python, backup, path, () => undefined);

/** Lets mlflow bring the tables to the form that its release expects. */
export const upgradeStore = async (python: string, path: string): Promise<void> => {
  const args = ['-m', 'mlflow', 'db', 'upgrade', addressText({ kind: 'sqlite', path })];
  const { code, stderr } = await run({ file: python, args, cwd: dirname(path) }, { timeout: upgradeTimeout });
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `mlflow could not upgrade ${path}: ${lastLine(stderr)}`);
};

const copyDatabase = async (python: string, source: string, target: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void> => {
  const copying = await start({ file: python, args: ['-c', copyScript, source, target], cwd: dirname(source) }, { streams: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => copying.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  const errors: string[] = [];
  if (copying.stderr !== null) createInterface({ input: copying.stderr }).on('line', (line) => errors.push(line));
  if (copying.stdout !== null) createInterface({ input: copying.stdout }).on('line', (line) => tell(line, onProgress));
  const { code } = await copying.ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `${source} could not be copied to ${target}: ${errors.at(-1) ?? `exit code ${code}`}`);
};

const tell = (line: string, onProgress: OnProgress): void => {
  const [copied = 0, total = 0] = line.split(' ').map(Number);
  onProgress(copied, total);
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
