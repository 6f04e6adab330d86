import type { RunCountsReply, StoreEvent } from '../../schemas/workbench-api.ts';
import { listModels } from '../registry/file-model.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import { silentLogger } from '../shared/logger.ts';
import { FileIndex } from '../tracking/file-index.ts';
import { FileChangeFeed } from './file-change-feed.ts';
import { fileHistories } from './file-histories.ts';
import type { ReadLocations } from './foreign-folders.ts';
import { answersOf, type ReaderStore } from './reader-store.ts';
import type { StoreFile } from './reader-protocol.ts';
import { fileRunSearch, runSearchRoutes } from './run-search-routes.ts';
import { createStoreComponents, fileStores } from './store-components.ts';
import { historiesRoute, runCountsRoute, type Route } from './workbench-routes.ts';

/** An `mlruns/` with all that is known of it: answers reads and writes, and tells changes to whoever listens. */
export class FileReaderStore implements ReaderStore {
  readonly #index: FileIndex;
  readonly answer: ReaderStore['answer'];
  readonly #warn: (text: string) => void;
  readonly #events = new Emitter<StoreEvent>();
  #feed: Disposable | undefined;

  constructor(file: StoreFile, warn: (text: string) => void) {
    this.#index = new FileIndex(file.path);
    this.#warn = warn;
    const { endpoints } = createStoreComponents(fileStores(this.#index, file), file);
    this.answer = answersOf({ endpoints, binaryRoutes: [], routes: fileRoutes(this.#index), log: silentLogger });
  }

  watch(tell: (event: StoreEvent) => void): Disposable {
    const owned = new Disposables();
    owned.own({ dispose: () => this.#stopWhenAlone() });
    owned.own(this.#events.event(tell));
    this.#feed ??= new FileChangeFeed(this.#index, (event) => this.#events.fire(event), this.#warn);
    return owned;
  }

  dispose(): void {
    this.#events.dispose();
    this.#stopWhenAlone();
  }

  #stopWhenAlone(): void {
    if (this.#events.hasListeners) return;
    this.#feed?.dispose();
    this.#feed = undefined;
  }
}

/** Of experiments and versions of models: runs are where their experiment is. */
export const fileLocations =
  (index: FileIndex): ReadLocations =>
  () => [
    ...index.experiments().map(({ experiment }) => experiment.artifactLocation),
    ...listModels(index.root).flatMap(({ versions }) => versions.map(({ location }) => location)),
  ];

/** What plain MLflow does not have and another thread than the first one answers. */
export const fileRoutes = (index: FileIndex): readonly Route[] => [
  runCountsRoute(() => countRuns(index)),
  historiesRoute(fileHistories(index)),
  ...runSearchRoutes(fileRunSearch(index)),
];

/** Active runs of each experiment that has any; what cannot be read is none. */
const countRuns = (index: FileIndex): RunCountsReply => ({
  experiments: index.experiments().flatMap((experiment) => {
    const active = experiment.runs().filter(({ info, problem }) => problem === undefined && info.lifecycleStage === 'active');
    const running = active.filter(({ isRunning }) => isRunning).length;
    return active.length === 0 ? [] : [{ experimentId: experiment.place.experimentId, runs: active.length, running }];
  }),
});
