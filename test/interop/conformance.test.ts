import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { TcpServer } from '../../extension/server/tcp-server.ts';
import type { HttpClient } from '../../extension/shared/http.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { createRestLoggedModelStore } from '../../extension/tracking/rest-logged-model-store.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { describeArtifactRepository } from '../conformance/artifact-repository.ts';
import { describeLoggedModelStore } from '../conformance/logged-model-store.ts';
import { describeRegistryStore } from '../conformance/registry-store.ts';
import { describeTrackingStore } from '../conformance/tracking-store.ts';
import { startMlflowServer } from '../support/mlflow-server.ts';

/** One server for all tests of this file: each makes an experiment of its own. */
interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

let folder: string;
const servers = new Map<string, Server>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-conformance-'));
  const places = { path: join(folder, 'ours.db'), artifactRoot: 'mlflow-artifacts:/', artifactsDestination: join(folder, 'ours') };
  servers.set('ours', await TcpServer.start({ ...places, host: '127.0.0.1', port: 0, token: undefined, log: silentLogger }));
  servers.set('mlflow', await startMlflowServer(folder));
});

afterAll(async () => {
  for (const server of servers.values()) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const urlOf = (name: string): string => servers.get(name)?.url ?? '';
const clientOf = (name: string): HttpClient => fetchClient(urlOf(name));

/** Tests of the registry want an empty one; models and prompts are listed apart. */
const emptyRegistry = async (name: string): Promise<RegistryStore> => {
  const store = createRestRegistryStore(clientOf(name));
  for (const filter of ['', "tags.`mlflow.prompt.is_prompt` = 'true'"]) {
    const { items } = await store.searchRegisteredModels({ filter, maxResults: 1000 });
    for (const model of items) await store.deleteRegisteredModel(model.name);
  }
  return store;
};

for (const [name, title] of [
  ['ours', 'of our server at its port'],
  ['mlflow', 'of mlflow’s own server'],
] as const) {
  describeTrackingStore(title, () => createRestTrackingStore(clientOf(name)));
  describeRegistryStore(title, () => emptyRegistry(name));
  describeLoggedModelStore(title, () => ({
    tracking: createRestTrackingStore(clientOf(name)),
    loggedModels: createRestLoggedModelStore(clientOf(name)),
    registry: createRestRegistryStore(clientOf(name)),
  }));
  describeArtifactRepository(title, () => ({
    http: clientOf(name),
    put: (path, bytes) => fetch(`${urlOf(name)}/api/2.0/mlflow-artifacts/artifacts/${path}`, { method: 'PUT', body: Buffer.from(bytes) }),
  }));
}
