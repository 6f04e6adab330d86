import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '../../shared/logger.ts';
import { errorMessage } from '../../shared/errors.ts';
import { readDotEnv, storeNamedBy, type Variables } from '../named-store.ts';
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
  readonly namedBy: StoreOrigin;
}

/** Where a store's address comes from. Whoever wrote the folder wrote its `.env`. */
export type StoreOrigin = 'MLFLOW_TRACKING_URI' | 'folder' | '.env' | 'mlflow.stores';

interface Mention {
  readonly text: string;
  readonly namedBy: StoreOrigin;
}

export interface Search {
  readonly configured: readonly string[];
  readonly environment: Variables;
  readonly log: Logger;
}

/**
 * The stores of a workspace folder, the one that its programs log to first: what `MLFLOW_TRACKING_URI` of the environment or of
 * `.env` says, as for the programs themselves, then MLflow's defaults. Of several mentions of a store the first counts, and the
 * setting before `.env`: it is the one that a person has written for us.
 */
export const findStores = async (folder: string, { configured, environment, log }: Search): Promise<readonly FoundStore[]> => {
  const named = [
    ...mention('MLFLOW_TRACKING_URI', storeNamedBy(environment)),
    ...mention('.env', storeNamedBy(await readDotEnv(folder))),
    ...(await ownStores(folder)).flatMap((path) => mention('folder', path)),
    ...configured.flatMap((text) => mention('mlflow.stores', text)),
  ];
  const found = await Promise.all(named.flatMap((one) => tryRead(one, folder, log)).map(asOnDisk));
  const byAddress = Map.groupBy(found, ({ address }) => addressText(address));
  return [...byAddress.values()].flatMap((same) => same.find(({ namedBy }) => namedBy !== '.env') ?? same[0] ?? []);
};

const mention = (namedBy: StoreOrigin, text: string | undefined): readonly Mention[] => (text === undefined ? [] : [{ text, namedBy }]);

/** An `mlruns/` is one when it has experiments: it may be just where an `mlflow.db` keeps artifacts. */
const ownStores = async (folder: string): Promise<readonly string[]> => {
  const [ownFile, ownFolder] = [join(folder, defaultStoreName), join(folder, defaultFolderName)];
  return [...((await isFile(ownFile)) ? [ownFile] : []), ...((await holdsExperiments(ownFolder)) ? [ownFolder] : [])];
};

const tryRead = ({ text, namedBy }: Mention, folder: string, log: Logger): readonly FoundStore[] => {
  try {
    return [{ address: readStoreAddress(text, folder), folder, namedBy }];
  } catch (error) {
    log.warn(`Store of ${folder} by ${namedBy}: ${errorMessage(error)}`);
    return [];
  }
};

/** A path of a folder is a store of the other kind. */
const asOnDisk = async (found: FoundStore): Promise<FoundStore> =>
  found.address.kind === 'sqlite' && (await isFolder(found.address.path)) ? { ...found, address: { kind: 'files', path: found.address.path } } : found;

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
