import { userInfo } from 'node:os';

import type { StoreConnection } from '../tracking/store-connection.ts';
import { createRecordedRegistryStore } from './recorded-registry-store.ts';
import type { RegistryStore } from './registry-store.ts';
import { createRestRegistryStore } from './rest-registry-store.ts';

/** The registry of a store, for whoever changes it in this editor: what is changed on somebody's server is noted down here. */
export const registryOf = ({ http, registryNotes }: Pick<StoreConnection, 'http' | 'registryNotes'>): RegistryStore => {
  const store = createRestRegistryStore(http);
  return registryNotes === undefined ? store : createRecordedRegistryStore(store, { file: registryNotes, user: userInfo().username });
};
