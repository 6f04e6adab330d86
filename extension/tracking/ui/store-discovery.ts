import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '../../shared/logger.ts';
import { errorMessage } from '../../shared/errors.ts';
import { readStoreAddress } from '../store-address.ts';
import { addressText, type StoreAddress } from '../store-connection.ts';

/** MLflow's own default name of a local store. */
export const defaultStoreName = 'mlflow.db';

export interface FoundStore {
  readonly address: StoreAddress;
  /** fsPath of the workspace folder. */
  readonly folder: string;
}

/** The stores of a workspace folder, the one that its programs log to first. */
export const findStores = async (folder: string, configured: readonly string[], log: Logger): Promise<readonly FoundStore[]> => {
  const ownFile = join(folder, defaultStoreName);
  const addresses = [...((await isFile(ownFile)) ? [ownFile] : []), ...configured].flatMap((text) => tryRead(text, folder, log));
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

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
