import { dirname, join } from 'node:path';

import type { Hono } from 'hono';
import type { OpenStoreRequest, StoreEvent } from '../../schemas/workbench-api.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import type { Logger } from '../shared/logger.ts';
import { FileIndex } from '../tracking/file-index.ts';
import { fileUri } from '../tracking/file-layout.ts';
import { checkFileStore, isFolderPath, readOnlyReasonOf } from '../tracking/file-store.ts';
import { SqliteRunSearch } from '../tracking/sqlite-run-search.ts';
import { readRunCounts } from '../tracking/sqlite-run-counts.ts';
import { ChangeFeed } from './change-feed.ts';
import { defaultArtifactRoot, openDatabase, openReader, type SqliteDatabase } from './database.ts';
import type { Subscribe } from './event-stream.ts';
import { fileLocations, FileReaderStore, fileRoutes } from './file-reader-store.ts';
import { sqliteHistories } from './history-reader.ts';
import { answerDirectly, type AnswerDirectly } from './direct-endpoints.ts';
import { artifactFoldersRoute, sqliteLocations } from './foreign-folders.ts';
import { folderDeletion, permanentDeletionRoute, rowDeletion } from './permanent-deletion.ts';
import type { ReadRequest, StoreFile } from './reader-protocol.ts';
import type { Readers } from './readers.ts';
import { indexRoutes } from './store-indexes.ts';
import { createStoreApp, directAnswers, type StoreParts } from './store-app.ts';
import { createStoreComponents, fileStores, sqliteStores, type ArtifactPlaces } from './store-components.ts';
import { capabilitiesRoute, eventsRoute, workbenchRoutes } from './workbench-routes.ts';

export interface OpenStore extends Disposable {
  readonly kind: StoreFile['kind'];
  /** Alembic's; null when the store has none. */
  readonly revision: string | null;
  /** One sentence; undefined when the store can be written. */
  readonly readOnlyReason: string | undefined;
  /** What to mind where it can be written; undefined when nothing. */
  readonly notice: string | undefined;
  /** Whether what makes it read-only goes away when mlflow upgrades it. */
  readonly canUpgrade: boolean;
  /** Which folders artifacts may be in. */
  readonly roots: ArtifactRoots;
  readonly app: Hono;
  /** What need not go through the app. */
  readonly direct: AnswerDirectly;
  /** Ends the streams of events, which would otherwise go on as long as their clients. */
  endStreams(): void;
}

export interface OpenSqliteStore extends OpenStore {
  readonly database: SqliteDatabase;
}

export interface ServeOptions extends Partial<ArtifactPlaces> {
  /** The path before the store's routes. */
  readonly root?: string;
  /** Threads for what takes time; without them everything runs in this one. */
  readonly readers?: Readers;
  readonly log: Logger;
}

type ToOpen = Pick<OpenStoreRequest, 'path' | 'create'>;

/** Opens a SQLite file, or a folder as MLflow's `mlruns/`; throws an MlflowError when it is no store. */
export const openStore = (request: ToOpen, options: ServeOptions): OpenStore =>
  isFolderPath(request.path) ? openFileStore(request, options) : openSqliteStore(request, options);

export const openSqliteStore = ({ path, create = false }: ToOpen, { root = '', readers, log, ...options }: ServeOptions): OpenSqliteStore => {
  const places = { ...usualPlaces(path, defaultArtifactRoot(path)), ...options };
  const database = openDatabase(path, { create, artifactRoot: places.artifactRoot });
  const opened = serve({ kind: 'sqlite', path, ...places }, readers, () => watchHere(path));
  const components = createStoreComponents(sqliteStores(database, places), places);
  const parts = {
    watch: opened.watch,
    histories: sqliteHistories(database),
    readRunCounts: () => database.read(readRunCounts),
    runSearch: new SqliteRunSearch(database),
  };
  const { roots } = components;
  const routes = [
    ...workbenchRoutes(parts),
    permanentDeletionRoute(rowDeletion(database), roots),
    artifactFoldersRoute(sqliteLocations(database), roots),
    ...indexRoutes(database),
  ];
  return {
    kind: 'sqlite',
    database,
    roots,
    get revision() {
      // An upgrade by Python since it was opened is noticed by reading.
      return database.read(() => database.revision);
    },
    get canUpgrade() {
      return database.canUpgrade;
    },
    get readOnlyReason() {
      return database.readOnlyReason;
    },
    get notice() {
      return database.notice;
    },
    ...answering({ ...components, routes, ...opened.beside, log }, root),
    endStreams: opened.endStreams,
    dispose() {
      opened.dispose();
      database.dispose();
    },
  };
};

/** Everything but the bytes of artifacts is answered in a thread that knows the folder. */
const openFileStore = ({ path, create = false }: ToOpen, { root = '', readers, log, ...options }: ServeOptions): OpenStore => {
  checkFileStore(path, create);
  const file: StoreFile = { kind: 'files', path, ...usualPlaces(path, fileUri(path)), ...options };
  const opened = serve(file, readers, () => async (onEvent) => new FileReaderStore(file, (text) => log.warn(text)).watch(onEvent));
  const index = new FileIndex(path);
  const components = createStoreComponents(fileStores(index, file), file);
  const { roots } = components;
  const routes = [
    capabilitiesRoute,
    eventsRoute(opened.watch),
    artifactFoldersRoute(fileLocations(index), roots),
    permanentDeletionRoute(folderDeletion(index), roots),
    ...fileRoutes(index),
  ];
  return {
    kind: 'files',
    roots,
    revision: null,
    canUpgrade: false,
    readOnlyReason: readOnlyReasonOf(path),
    notice: undefined,
    ...answering({ ...components, routes, ...opened.beside, isAllBeside: true, log }, root),
    endStreams: opened.endStreams,
    dispose: opened.dispose,
  };
};

const answering = (parts: StoreParts, root: string): Pick<OpenStore, 'app' | 'direct'> => ({
  app: createStoreApp(parts, root),
  direct: answerDirectly(directAnswers(parts, root), root, parts.log),
});

/** Where MLflow itself keeps artifacts when it is told nothing: directly, or through a server beside the store. */
const usualPlaces = (path: string, artifactRoot: string): ArtifactPlaces => ({ artifactRoot, artifactsDestination: join(dirname(path), 'mlartifacts') });

interface Opened extends Disposable {
  readonly watch: Subscribe<StoreEvent>;
  readonly beside: Pick<StoreParts, 'readBeside'>;
  readonly endStreams: () => void;
}

/** What a store has of the threads, or does here when there are none. */
const serve = (file: StoreFile, readers: Readers | undefined, watchInThisThread: () => Subscribe<StoreEvent>): Opened => {
  const streams = new Emitter<void>();
  return {
    watch: endingWith(streams, readers === undefined ? watchInThisThread() : (onEvent, onEnd) => readers.watch(file, onEvent, onEnd)),
    beside: readers === undefined ? {} : { readBeside: (request: ReadRequest, signal: AbortSignal) => readers.read(file, request, signal) },
    endStreams: () => streams.fire(),
    dispose() {
      streams.fire();
      readers?.close(file.path);
    },
  };
};

const endingWith =
  (streams: Emitter<void>, watch: Subscribe<StoreEvent>): Subscribe<StoreEvent> =>
  async (onEvent, onEnd) => {
    const owned = new Disposables();
    owned.own(streams.event(onEnd));
    owned.own(await watch(onEvent, onEnd));
    return owned;
  };

const watchHere =
  (path: string): Subscribe<StoreEvent> =>
  async (onEvent) => {
    const owned = new Disposables();
    const database = owned.own(openReader(path));
    owned.own(new ChangeFeed(database, onEvent));
    return owned;
  };
