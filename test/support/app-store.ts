import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { createRestArtifactRepository } from '../../extension/artifacts/rest-artifact-repository.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { openStore } from '../../extension/server/open-store.ts';
import type { HttpClient, HttpRequest } from '../../extension/shared/http.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { deletePermanently, groupRows, readFacets, searchRows } from '../../extension/tracking/rest-workbench.ts';
import { addressText, type StoreConnection } from '../../extension/tracking/store-connection.ts';
import { asStoreId } from '../../schemas/ids.ts';
import { appClient } from './app-client.ts';
import { newTempFolder } from './store-database.ts';

export interface AppStore {
  readonly store: StoreConnection;
  readonly registry: RegistryStore;
  readonly path: string;
  /** Paths asked for since the last time this was called. */
  readonly taken: () => readonly string[];
}

/** A new store as a window has it, with the server in this process. */
export const newAppStore = (): AppStore => {
  const path = join(newTempFolder(), 'mlflow.db');
  const opened = openStore({ path, create: true }, { log: silentLogger });
  onTestFinished(() => opened.dispose());
  const paths: string[] = [];
  const http = noting(
    appClient((request) => opened.app.fetch(request)),
    paths,
  );
  const quiet = () => ({ dispose: () => {} });
  const address = { kind: 'sqlite', path } as const;
  const store: StoreConnection = {
    id: asStoreId(addressText(address)),
    address,
    label: 'mlflow.db',
    state: { kind: 'ready' },
    onDidChangeState: quiet,
    onDidChange: quiet,
    http,
    tracking: createRestTrackingStore(http),
    artifacts: createRestArtifactRepository(http),
    histories: () => Promise.reject(new Error('Nobody asks for histories')),
    runCounts: () => Promise.resolve(new Map()),
    searchRows: (request, signal) => searchRows(http, request, signal),
    groupRows: (request, signal) => groupRows(http, request, signal),
    facets: (request, signal) => readFacets(http, request, signal),
    deletePermanently: (request, signal) => deletePermanently(http, request, signal),
  };
  return { store, registry: createRestRegistryStore(http), path, taken: () => paths.splice(0) };
};

const noting = (http: HttpClient, paths: string[]): HttpClient => {
  const note = (request: HttpRequest): HttpRequest => {
    paths.push(request.path);
    return request;
  };
  return {
    json: async (request) => http.json(note(request)),
    bytes: async (request) => http.bytes(note(request)),
    stream: async (request) => http.stream(note(request)),
  };
};
