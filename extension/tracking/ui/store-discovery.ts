import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '../../shared/logger.ts';
import { errorMessage } from '../../shared/errors.ts';
import { readStoreAddress } from '../store-address.ts';
import { addressText, type StoreAddress } from '../store-connection.ts';

/** MLflow's own default name of a local store. */
export const defaultStoreName = 'mlflow.db';
/** And of its older kind of store. */
export const defaultFolderName = 'mlruns';

export interface FoundStore {
  readonly address: StoreAddress;
  /** fsPath of the workspace folder. */
  readonly folder: string;
}

/** The stores of a workspace folder, the one that its programs log to first. An `mlruns/` is one when it has experiments: it may be just where an `mlflow.db` keeps artifacts. */
export const findStores = async (folder: string, configured: readonly string[], log: Logger): Promise<readonly FoundStore[]> => {
  const [ownFile, ownFolder] = [join(folder, defaultStoreName), join(folder, defaultFolderName)];
  const own = [...((await isFile(ownFile)) ? [ownFile] : []), ...((await holdsExperiments(ownFolder)) ? [ownFolder] : [])];
  const read = [...own, ...configured].flatMap((text) => tryRead(text, folder, log));
  const addresses = await Promise.all(read.map(asOnDisk));
  const unique = new Map(addresses.map((address) => [addressText(address), address]));
  return [...unique.values()].map((address) => ({ address, folder }));
};

const tryRead = (text: string, folder: string, log: Logger): readonly StoreAddress[] => {
  try {
    return [readStoreAddress(text, folder)];
  } catch (error) {
    log.warn(`Setting mlflow.stores: ${errorMessage(error)}`);
    return [];
  }
};

/** A path of a folder is a store of the other kind. */
const asOnDisk = async (address: StoreAddress): Promise<StoreAddress> =>
  address.kind === 'sqlite' && (await isFolder(address.path)) ? { kind: 'files', path: address.path } : address;

const holdsExperiments = async (folder: string): Promise<boolean> => {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => isFile(join(folder, name, 'meta.yaml'))));
  return found.includes(true);
};

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
