import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { appClient } from '../support/app-client.ts';
import { newTempFolder } from '../support/store-database.ts';
import { describeArtifactRepository } from './artifact-repository.ts';

describeArtifactRepository('over REST', () => {
  const folder = newTempFolder();
  const places = { artifactRoot: 'mlflow-artifacts:/', artifactsDestination: join(folder, 'mlartifacts') };
  const store = openStore({ path: join(folder, 'mlflow.db'), create: true }, { log: silentLogger, ...places });
  onTestFinished(() => store.dispose());
  const put = async (path: string, bytes: Uint8Array): Promise<Response> =>
    store.app.request(`/api/2.0/mlflow-artifacts/artifacts/${path}`, { method: 'PUT', body: Buffer.from(bytes) });
  return { http: appClient((request) => store.app.fetch(request)), put };
});
