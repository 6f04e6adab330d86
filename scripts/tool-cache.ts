/** Heavy tools are made once per user and kept in a cache folder, each under a name that holds its exact version. */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const platformCache = (): string => {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  return process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
};

export const cacheFolder = (): string => process.env['MLFLOW_WORKBENCH_CACHE'] ?? join(platformCache(), 'mlflow-workbench');

/**
 * Runs `make` unless an earlier call has completed it. A virtual environment holds its own absolute path,
 * so the folder is filled where it stays and counts once its mark is written; a half-made one is removed.
 */
export const cachedTool = async (name: string, make: (folder: string) => Promise<void>): Promise<string> => {
  const folder = join(cacheFolder(), name);
  const mark = join(folder, '.complete');
  if (existsSync(mark)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const unlock = lock(`${folder}.lock`);
  try {
    if (existsSync(mark)) return folder;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await make(folder);
    await writeFile(mark, '');
    return folder;
  } finally {
    unlock();
  }
};

const longestBuild = 30 * 60_000;

/** A lock of SQLite's: the operating system releases it when its holder dies, so it is never stale. */
const lock = (file: string): (() => void) => {
  const database = new Database(file, { timeout: longestBuild });
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
};
