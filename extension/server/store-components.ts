import { dirname } from 'node:path';

import type { ModelId, RunId } from '../../schemas/ids.ts';
import { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { artifactBinaryRoutes, artifactEndpoints } from '../artifacts/artifact-routes.ts';
import { presignedEndpoints } from '../artifacts/presigned-routes.ts';
import { registryBinaryRoutes } from '../registry/model-version-artifact.ts';
import { registryEndpoints } from '../registry/registry-routes.ts';
import { createSqliteRegistryStore } from '../registry/sqlite-registry-store.ts';
import type { BinaryRoute, Endpoint } from '../shared/endpoint.ts';
import type { StoreDatabase } from '../shared/sql.ts';
import { loggedModelBinaryRoutes, loggedModelEndpoints } from '../tracking/logged-model-routes.ts';
import { createSqliteLoggedModelStore } from '../tracking/sqlite-logged-model-store.ts';
import { SqliteTrackingStore } from '../tracking/sqlite-tracking-store.ts';
import { traceBinaryRoutes, traceEndpoints } from '../tracking/trace-routes.ts';
import { trackingEndpoints } from '../tracking/tracking-routes.ts';
import { serverInfoEndpoint } from './server-info.ts';

export interface ArtifactPlaces {
  /** Where new experiments keep their artifacts, as their `artifact_location` says it. */
  readonly artifactRoot: string;
  /** The folder that `mlflow-artifacts:/` means. */
  readonly artifactsDestination: string;
  /** Further folders whose artifacts may be read when rows of the store name them. */
  readonly artifactFolders?: readonly string[];
  /** What is said of any other folder that a row names. */
  readonly artifactAdvice?: string;
}

/** What MLflow's components answer with, for one store's file. */
export interface StoreComponents {
  readonly endpoints: readonly Endpoint[];
  readonly binaryRoutes: readonly BinaryRoute[];
  /** Which folders artifacts may be in. */
  readonly roots: ArtifactRoots;
}

export const createStoreComponents = (database: StoreDatabase, places: ArtifactPlaces): StoreComponents => {
  const { artifactRoot } = places;
  const tracking = new SqliteTrackingStore(database, { artifactRoot });
  const registry = createSqliteRegistryStore(database);
  const loggedModels = createSqliteLoggedModelStore(database);
  const artifactUriOf = async (runId: RunId): Promise<string> => (await tracking.getRun(runId)).info.artifactUri;
  const modelUriOf = async (modelId: ModelId): Promise<string> => (await loggedModels.getLoggedModel(modelId)).artifactLocation;
  const roots = createRoots(database.path, places);
  return {
    roots,
    endpoints: [
      ...trackingEndpoints(tracking),
      ...loggedModelEndpoints({ store: loggedModels, roots }),
      ...registryEndpoints(registry),
      ...artifactEndpoints({ artifactUriOf, roots }),
      ...presignedEndpoints({ artifactUriOf, modelUriOf }),
      ...traceEndpoints(database),
      serverInfoEndpoint,
    ],
    binaryRoutes: [
      ...artifactBinaryRoutes({ artifactUriOf, roots }),
      ...loggedModelBinaryRoutes({ store: loggedModels, roots }),
      ...registryBinaryRoutes({ store: registry, artifactUriOf, roots }),
      ...traceBinaryRoutes,
    ],
  };
};

const createRoots = (path: string, { artifactRoot, artifactsDestination, artifactFolders = [], artifactAdvice }: ArtifactPlaces): ArtifactRoots =>
  new ArtifactRoots({
    storeFolder: dirname(path),
    locations: [artifactRoot, ...artifactFolders],
    destination: artifactsDestination,
    ...(artifactAdvice !== undefined && { advice: artifactAdvice }),
  });
