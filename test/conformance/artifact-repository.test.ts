import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { openStore, type OpenStore } from '../../extension/server/open-store.ts';
import type { HttpClient } from '../../extension/shared/http.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { appClient } from '../support/app-client.ts';
import { newTempFolder } from '../support/store-database.ts';
import { describeArtifactRepository } from './artifact-repository.ts';

const openAt = (artifactRoot: (folder: string) => string): { readonly store: OpenStore; readonly http: HttpClient } => {
  const folder = newTempFolder();
  const places = { artifactRoot: artifactRoot(folder), artifactsDestination: join(folder, 'mlartifacts') };
  const store = openStore({ path: join(folder, 'mlflow.db'), create: true }, { log: silentLogger, ...places });
  onTestFinished(() => store.dispose());
  return { store, http: appClient((request) => store.app.fetch(request)) };
};

describeArtifactRepository('over REST', () => {
  const { store, http } = openAt(() => 'mlflow-artifacts:/');
  const put = async (path: string, bytes: Uint8Array): Promise<Response> =>
    store.app.request(`/api/2.0/mlflow-artifacts/artifacts/${path}`, { method: 'PUT', body: Buffer.from(bytes) });
  return { http, put };
});

describeArtifactRepository('over REST, of runs whose artifacts are in a folder', () => {
  const { store, http } = openAt((folder) => join(folder, 'mlruns'));
  const put = async (path: string, bytes: Uint8Array): Promise<Response> => {
    const [, runId = '', name = ''] = /([0-9a-f]{32})\/artifacts\/(.*)$/.exec(path) ?? [];
    return store.app.request(`/workbench/v1/artifacts/${name}?run_id=${runId}`, { method: 'PUT', body: Buffer.from(bytes) });
  };
  return { http, put };
});
