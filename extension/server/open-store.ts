import { dirname, join } from 'node:path';

import type { Hono } from 'hono';
import type { OpenStoreRequest } from '../../schemas/workbench-api.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import type { Logger } from '../shared/logger.ts';
import { ChangeFeed } from './change-feed.ts';
import { defaultArtifactRoot, openDatabase, openReader, type SqliteDatabase } from './database.ts';
import type { Watch } from './event-stream.ts';
import { artifactFoldersRoute } from './foreign-folders.ts';
import { permanentDeletionRoute } from './permanent-deletion.ts';
import type { ReadRequest } from './reader-protocol.ts';
import type { Readers } from './readers.ts';
import { indexRoutes } from './store-indexes.ts';
import { createStoreApp } from './store-app.ts';
import { createStoreComponents, type ArtifactPlaces } from './store-components.ts';
import { workbenchRoutes } from './workbench-routes.ts';

export interface OpenStore extends Disposable {
  readonly database: SqliteDatabase;
  /** Which folders artifacts may be in. */
  readonly roots: ArtifactRoots;
  readonly app: Hono;
  /** Ends the streams of events, which would otherwise go on as long as their clients. */
  endStreams(): void;
}

export interface ServeOptions extends Partial<ArtifactPlaces> {
  /** The path before the store's routes. */
  readonly root?: string;
  /** Threads for reads that take time; without them everything runs in this one. */
  readonly readers?: Readers;
  readonly log: Logger;
}

/** Where MLflow itself keeps artifacts when it is told nothing: directly, or through a server beside the file. */
const usualPlaces = (path: string): ArtifactPlaces => ({
  artifactRoot: defaultArtifactRoot(path),
  artifactsDestination: join(dirname(path), 'mlartifacts'),
});

/** Opens a store's file and makes the app that serves it; throws an MlflowError when it is no store. */
export const openStore = (
  { path, create = false }: Pick<OpenStoreRequest, 'path' | 'create'>,
  { root = '', readers, log, ...options }: ServeOptions,
): OpenStore => {
  const places = { ...usualPlaces(path), ...options };
  const database = openDatabase(path, { create, artifactRoot: places.artifactRoot });
  const file = { path, ...places };
  const streams = new Emitter<void>();
  const watch = endingWith(streams, readers === undefined ? watchHere(path) : (onEvent, onEnd) => readers.watch(file, onEvent, onEnd));
  const readBeside = readers && ((request: ReadRequest, signal: AbortSignal) => readers.read(file, request, signal));
  const components = createStoreComponents(database, places);
  const { roots } = components;
  const routes = [
    ...workbenchRoutes(database, watch),
    permanentDeletionRoute(database, roots),
    artifactFoldersRoute(database, roots),
    ...indexRoutes(database),
  ];
  const parts = { ...components, routes, ...(readBeside && { readBeside }), log };
  const dispose = (): void => {
    streams.fire();
    readers?.close(path);
    database.dispose();
  };
  return { database, roots, app: createStoreApp(parts, root), endStreams: () => streams.fire(), dispose };
};

const endingWith =
  (streams: Emitter<void>, watch: Watch): Watch =>
  async (onEvent, onEnd) => {
    const owned = new Disposables();
    owned.own(streams.event(onEnd));
    owned.own(await watch(onEvent, onEnd));
    return owned;
  };

const watchHere =
  (path: string): Watch =>
  async (onEvent) => {
    const owned = new Disposables();
    const database = owned.own(openReader(path));
    owned.own(new ChangeFeed(database, onEvent));
    return owned;
  };
