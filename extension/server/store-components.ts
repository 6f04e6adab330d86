import { dirname, join } from 'node:path';

import type { ModelId, RunId } from '../../schemas/ids.ts';
import { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { artifactBinaryRoutes, artifactEndpoints } from '../artifacts/artifact-routes.ts';
import { presignedEndpoints } from '../artifacts/presigned-routes.ts';
import { HistoryFile, historyPathOf } from '../registry/history-file.ts';
import { registryBinaryRoutes } from '../registry/model-version-artifact.ts';
import { createRecordedRegistryStore } from '../registry/recorded-registry-store.ts';
import { registryHistoryRoutes } from '../registry/registry-history-route.ts';
import { registryEndpoints } from '../registry/registry-routes.ts';
import type { RegistryStore } from '../registry/registry-store.ts';
import { createFileRegistryStore } from '../registry/file-registry-store.ts';
import { createSqliteRegistryStore } from '../registry/sqlite-registry-store.ts';
import type { BinaryRoute, Endpoint } from '../shared/endpoint.ts';
import { sql, type StoreDatabase } from '../shared/sql.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { listFolder } from '../tracking/file-io.ts';
import { createFileLoggedModelStore } from '../tracking/file-logged-model-store.ts';
import { getRun } from '../tracking/file-runs.ts';
import { FileTrackingStore } from '../tracking/file-tracking-store.ts';
import type { LoggedModelStore } from '../tracking/logged-model-store.ts';
import type { ServedTrackingStore } from '../tracking/tracking-store.ts';
import { loggedModelBinaryRoutes, loggedModelEndpoints } from '../tracking/logged-model-routes.ts';
import { createSqliteLoggedModelStore } from '../tracking/sqlite-logged-model-store.ts';
import { SqliteTrackingStore } from '../tracking/sqlite-tracking-store.ts';
import { traceBinaryRoutes, traceEndpoints } from '../tracking/trace-routes.ts';
import { trackingEndpoints } from '../tracking/tracking-routes.ts';
import { serverInfoEndpoint } from './server-info.ts';
import { isWritable } from './writable.ts';

export interface ArtifactPlaces {
  /** Where new experiments keep their artifacts, as their `artifact_location` says it. */
  readonly artifactRoot: string;
  /** The folder that `mlflow-artifacts:/` means. */
  readonly artifactsDestination: string;
  /** Further folders whose artifacts may be read when rows of the store name them. */
  readonly artifactFolders?: readonly string[];
  /** What is said of any other folder that a row names. */
  readonly artifactAdvice?: string;
  /** Who changes things through this server, when that is always the same person. */
  readonly user?: string;
}

/** What MLflow's components answer with, for one store. */
export interface StoreComponents {
  readonly endpoints: readonly Endpoint[];
  readonly binaryRoutes: readonly BinaryRoute[];
  /** Which folders artifacts may be in. */
  readonly roots: ArtifactRoots;
}

/** One store's implementations of the components' contracts. */
export interface Stores {
  /** What MLflow calls its kind. */
  readonly type: 'SqlStore' | 'FileStore';
  /** The folder that the store's file or folder is in. */
  readonly storeFolder: string;
  readonly tracking: ServedTrackingStore;
  readonly registry: RegistryStore;
  readonly registryHistory: HistoryFile;
  readonly isWritable: () => boolean;
  readonly loggedModels: LoggedModelStore;
  readonly artifactUriOf: (runId: RunId) => Promise<string>;
  readonly hasTraces: () => boolean;
}

type StorePlaces = Pick<ArtifactPlaces, 'artifactRoot' | 'user'>;

export const sqliteStores = (database: StoreDatabase, { artifactRoot, ...user }: StorePlaces): Stores => {
  const registryHistory = new HistoryFile(historyPathOf(database.path));
  const tracking = new SqliteTrackingStore(database, { artifactRoot });
  return {
    type: 'SqlStore',
    storeFolder: dirname(database.path),
    tracking,
    registry: createRecordedRegistryStore(createSqliteRegistryStore(database), { file: registryHistory, ...pickUser(user) }),
    registryHistory,
    isWritable: () => isWritable(database.path),
    loggedModels: createSqliteLoggedModelStore(database),
    artifactUriOf: async (runId) => (await tracking.getRun(runId)).info.artifactUri,
    hasTraces: () => database.schema.has('trace_info') && database.read((read) => read.get(sql`SELECT 1 FROM trace_info LIMIT 1`)) !== undefined,
  };
};

export const fileStores = (index: FileIndex, { artifactRoot, ...user }: StorePlaces): Stores => {
  const registryHistory = new HistoryFile(historyPathOf(index.root));
  return {
    type: 'FileStore',
    storeFolder: dirname(index.root),
    tracking: new FileTrackingStore(index, { artifactRoot }),
    registry: createRecordedRegistryStore(createFileRegistryStore(index), { file: registryHistory, ...pickUser(user) }),
    registryHistory,
    isWritable: () => isWritable(index.root),
    loggedModels: createFileLoggedModelStore(index),
    artifactUriOf: async (runId) => getRun(index, runId).run.info.artifactUri,
    hasTraces: () => index.experiments().some(({ place }) => listFolder(join(place.folder, 'traces')).length > 0),
  };
};

const pickUser = ({ user }: Pick<ArtifactPlaces, 'user'>): Pick<ArtifactPlaces, 'user'> => (user === undefined ? {} : { user });

export const createStoreComponents = (stores: Stores, places: ArtifactPlaces): StoreComponents => {
  const { tracking, registry, loggedModels, artifactUriOf } = stores;
  const modelUriOf = async (modelId: ModelId): Promise<string> => (await loggedModels.getLoggedModel(modelId)).artifactLocation;
  const roots = createRoots(stores.storeFolder, places);
  return {
    roots,
    endpoints: [
      ...trackingEndpoints(tracking),
      ...loggedModelEndpoints({ store: loggedModels, roots }),
      ...registryEndpoints(registry),
      ...artifactEndpoints({ artifactUriOf, roots }),
      ...presignedEndpoints({ artifactUriOf, modelUriOf }),
      ...traceEndpoints(stores.hasTraces),
      serverInfoEndpoint(stores.type),
    ],
    binaryRoutes: [
      ...artifactBinaryRoutes({ artifactUriOf, roots }),
      ...loggedModelBinaryRoutes({ store: loggedModels, roots }),
      ...registryBinaryRoutes({ store: registry, artifactUriOf, roots }),
      ...registryHistoryRoutes({ store: registry, file: stores.registryHistory, isWritable: stores.isWritable }),
      ...traceBinaryRoutes,
    ],
  };
};

const createRoots = (storeFolder: string, { artifactRoot, artifactsDestination, artifactFolders = [], artifactAdvice }: ArtifactPlaces): ArtifactRoots =>
  new ArtifactRoots({
    storeFolder,
    locations: [artifactRoot, ...artifactFolders],
    destination: artifactsDestination,
    ...(artifactAdvice !== undefined && { advice: artifactAdvice }),
  });
