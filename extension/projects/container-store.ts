import { open, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import type { ExecutionPlan } from './run-folder.ts';

/** How a container reaches a run's store. */
export interface ContainerStore {
  readonly uri: string;
  /** For the engine's `-v`. */
  readonly volumes: readonly string[];
}

/** MLflow mounts a store here, file or folder. */
const mountPoint = '/mlflow/tmp/mlruns';
const folderMountPoint = '/mlflow/tmp/store';

/**
 * As MLflow mounts it; but a SQLite store with a write-ahead log with its folder: by its file alone a container sees
 * nothing that is still in the log, not even its run, and what it writes bypasses everybody else's locks.
 */
export const containerStore = async ({ store }: Pick<ExecutionPlan, 'store'>, engineInfo: string): Promise<ContainerStore> => {
  switch (store.kind) {
    case 'sqlite':
      if (!(await hasWriteAheadLog(store.path))) return { uri: sqliteUri(mountPoint), volumes: [`${store.path}:${mountPoint}`] };
      requireSharedMemory(store.path, engineInfo);
      return await withFolder(await realpath(store.path));
    case 'files':
      return { uri: `file://${mountPoint}`, volumes: [`${store.path}:${mountPoint}`] };
    case 'server':
      return { uri: store.url, volumes: [] };
    default:
      return store satisfies never;
  }
};

/** Four slashes, as MLflow writes it. */
const sqliteUri = (path: string): string => `sqlite:////${path.slice(1)}`;

const withFolder = async (path: string): Promise<ContainerStore> => ({
  uri: sqliteUri(`${folderMountPoint}/${basename(path)}`),
  volumes: [`${dirname(path)}:${folderMountPoint}`],
});

/** SQLite's file format: byte 18 is 2 in this mode. */
const hasWriteAheadLog = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: 18 });
    return buffer[0] === 2;
  } finally {
    await file.close();
  }
};

/** The users of the log coordinate in memory: across the border of a virtual machine they would damage the file. */
const requireSharedMemory = (path: string, engineInfo: string): void => {
  if (process.platform === 'linux' && !/Operating System: Docker Desktop/.test(engineInfo)) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `The store ${path} has a write-ahead log, which containers in a virtual machine cannot share. Log to a tracking server, or switch the log off while nothing uses the store: sqlite3 '${path}' 'PRAGMA journal_mode = DELETE'`,
  );
};
