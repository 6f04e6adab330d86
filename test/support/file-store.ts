import { join } from 'node:path';

import { createFileRegistryStore } from '../../extension/registry/file-registry-store.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { FileIndex } from '../../extension/tracking/file-index.ts';
import { createFileLoggedModelStore } from '../../extension/tracking/file-logged-model-store.ts';
import { createFileStore } from '../../extension/tracking/file-store.ts';
import { FileTrackingStore } from '../../extension/tracking/file-tracking-store.ts';
import type { LoggedModelStore } from '../../extension/tracking/logged-model-store.ts';
import { newTempFolder } from './store-database.ts';

export interface FileStores {
  readonly root: string;
  readonly index: FileIndex;
  readonly tracking: FileTrackingStore;
  readonly loggedModels: LoggedModelStore;
  readonly registry: RegistryStore;
}

export const fileStoresOf = (root: string): FileStores => {
  const index = new FileIndex(root);
  return { root, index, tracking: new FileTrackingStore(index), loggedModels: createFileLoggedModelStore(index), registry: createFileRegistryStore(index) };
};

/** A new `mlruns/`, gone after the test. */
export const newFileStores = (): FileStores => {
  const root = join(newTempFolder(), 'mlruns');
  createFileStore(root);
  return fileStoresOf(root);
};
