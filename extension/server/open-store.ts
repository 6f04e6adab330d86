import { dirname, join } from 'node:path';

import { dirname } from 'node:path';
import type { Hono } from 'hono';
import type { RunId } from '../../schemas/ids.ts';

import type { OpenStoreRequest } from '../../schemas/workbench-api.ts';
import { artifactBinaryRoutes, artifactEndpoints } from '../artifacts/artifact-routes.ts';
import { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import type { Logger } from '../shared/logger.ts';
import { ChangeFeed } from './change-feed.ts';
import { defaultArtifactRoot, openDatabase, type SqliteDatabase } from './database.ts';
import { createStoreApp } from './store-app.ts';
import { createStoreComponents, type ArtifactPlaces } from './store-components.ts';
import { workbenchRoutes } from './workbench-routes.ts';

export interface OpenStore extends Disposable {
  readonly database: SqliteDatabase;
  readonly app: Hono;
  /** Ends the streams of events, which would otherwise go on as long as their clients. */
  endStreams(): void;
}

export interface ServeOptions extends Partial<ArtifactPlaces> {
  /** The path before the store's routes. */
  readonly root?: string;
  readonly log: Logger;
}

/** Where MLflow itself keeps artifacts when it is told nothing: directly, or through a server beside the file. */
const usualPlaces = (path: string): ArtifactPlaces => ({
  artifactRoot: defaultArtifactRoot(path),
  artifactsDestination: join(dirname(path), 'mlartifacts'),
});

/** Opens a store's file and makes the app that serves it; throws an MlflowError when it is no store. */
export const openStore = ({ path, create = false }: OpenStoreRequest, { root = '', log, ...options }: ServeOptions): OpenStore => {
  const places = { ...usualPlaces(path), ...options };
  const owned = new Disposables();
  const database = owned.own(openDatabase(path, { create, artifactRoot: places.artifactRoot }));
  const feed = owned.own(new ChangeFeed(database, log));
  const app = createStoreApp({ ...createStoreComponents(database, places), routes: workbenchRoutes(database, feed), log }, root);
  return { database, app, endStreams: () => feed.dispose(), dispose: () => owned.dispose() };
};
