import type { Hono } from 'hono';
import type { OpenStoreRequest } from '../../schemas/workbench-api.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import type { BinaryRoute, Endpoint } from '../shared/endpoint.ts';
import type { Logger } from '../shared/logger.ts';
import { SqliteTrackingStore } from '../tracking/sqlite-tracking-store.ts';
import { trackingEndpoints } from '../tracking/tracking-routes.ts';
import { ChangeFeed } from './change-feed.ts';
import { defaultArtifactRoot, openDatabase, type SqliteDatabase } from './database.ts';
import { createStoreApp } from './store-app.ts';
import { workbenchRoutes } from './workbench-routes.ts';

export interface OpenStore extends Disposable {
  readonly database: SqliteDatabase;
  readonly app: Hono;
  /** Ends the streams of events, which would otherwise go on as long as their clients. */
  endStreams(): void;
}

export interface ServeOptions {
  /** The path before the store's routes. */
  readonly root?: string;
  /** Where new experiments keep their artifacts, as their `artifact_location` says it. */
  readonly artifactRoot?: string;
  readonly log: Logger;
}

/** What MLflow's components answer with, for one store's file. */
export interface StoreComponents {
  readonly endpoints: readonly Endpoint[];
  readonly binaryRoutes: readonly BinaryRoute[];
}

/** Opens a store's file and makes the app that serves it; throws an MlflowError when it is no store. */
export const openStore = (
  { path, create = false }: OpenStoreRequest,
  { root = '', log, artifactRoot = defaultArtifactRoot(path) }: ServeOptions,
): OpenStore => {
  const owned = new Disposables();
  const database = owned.own(openDatabase(path, { create, artifactRoot }));
  const feed = owned.own(new ChangeFeed(database, log));
  const app = createStoreApp({ ...componentsOf(database, artifactRoot), routes: workbenchRoutes(database, feed), log }, root);
  return { database, app, endStreams: () => feed.dispose(), dispose: () => owned.dispose() };
};

const componentsOf = (database: SqliteDatabase, artifactRoot: string): StoreComponents => {
  const tracking = new SqliteTrackingStore(database, { artifactRoot });
  return { endpoints: trackingEndpoints(tracking), binaryRoutes: [] };
};
