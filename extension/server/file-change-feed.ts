import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { registryFolder, trashFolder } from '../tracking/file-layout.ts';
import type { RunFolder } from '../tracking/file-run.ts';
import { modelsFingerprint } from './file-fingerprint.ts';
import { FileWatches, type OpenWatch } from './file-watches.ts';

/** ms between two looks. */
const lookInterval = 100;
/** ms between two looks at what is watched: network drives tell nothing of what other machines write. */
const unwatchedInterval = 2_000;
/** ms of a look that may go into runs that have ended, and the share of the time that may go into models. */
const pastRunsBudget = 8;
const modelsShare = 0.1;
/** ms that a run is followed on after its end: the last metrics may come late. */
const followOn = 10_000;
/** More running runs than these are dead ones, and looked at like those that have ended. */
const mostFollowed = 200;

/**
 * Tells what changes in an `mlruns/`, whoever writes it. New experiments and runs, and running runs, are watched; runs that
 * have ended are looked at by and by.
 */
export class FileChangeFeed implements Disposable {
  readonly #index: FileIndex;
  readonly #tell: (event: StoreEvent) => void;
  readonly #watches: FileWatches;
  readonly #timer: NodeJS.Timeout;
  /** Running runs, and until when those that have ended are followed. */
  readonly #followed = new Map<RunFolder, number>();
  #nextWholeLook = 0;
  #nextModelsLook = 0;
  #models: string;
  #pastRuns: Iterator<RunFolder> | undefined;
  #isGone = false;

  constructor(index: FileIndex, tell: (event: StoreEvent) => void, warn: (text: string) => void, open?: OpenWatch) {
    this.#index = index;
    this.#tell = tell;
    this.#watches = new FileWatches((reason) => warn(exhaustedText(index.root, reason)), open);
    for (const experiment of index.experiments()) {
      experiment.readAll();
      experiment.isFollowed = true;
      for (const run of experiment.runs()) this.#follow(run);
    }
    this.#models = modelsFingerprint(index);
    index.changes.isListening = true;
    this.#watch();
    this.#timer = setInterval(() => this.#look(), lookInterval);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#watches.dispose();
    this.#index.changes.isListening = false;
    this.#index.changes.take();
    for (const experiment of this.#index.knownExperiments) experiment.isFollowed = false;
  }

  #look(): void {
    try {
      this.#findChanges();
    } catch {
      // The folder is gone or cannot be read for a moment: the next look tries again.
      this.#nextWholeLook = 0;
    }
    for (const event of this.#index.changes.take()) this.#tell(event);
  }

  #findChanges(): void {
    const now = performance.now();
    const changed = this.#watches.takeChanged();
    const isWhole = this.#watches.isExhausted || now >= this.#nextWholeLook;
    if (isWhole) this.#nextWholeLook = now + unwatchedInterval;
    const isDue = (folder: string): boolean => isWhole || changed.has(folder);
    const { root } = this.#index;
    if (isDue(root)) this.#lookAtRoot(root);
    if (this.#isGone) return;
    if (isDue(root) || isDue(join(root, trashFolder))) this.#index.list();
    this.#lookAtExperiments(isDue);
    this.#lookAtRuns(isDue, now);
    this.#lookAtPastRuns(now);
    this.#lookAtModels(now);
    if (isWhole || changed.size > 0) this.#watch();
  }

  /** Of a folder that is gone as a whole its runs are not told one by one: whoever listens looks at the store again, and finds out. */
  #lookAtRoot(root: string): void {
    const wasGone = this.#isGone;
    this.#isGone = !existsSync(root);
    if (this.#isGone && !wasGone) this.#tell({ type: 'reset' });
  }

  #lookAtExperiments(isDue: (folder: string) => boolean): void {
    for (const experiment of this.#index.knownExperiments) {
      const isNew = !experiment.isFollowed;
      if (isNew) experiment.readAll();
      experiment.isFollowed = true;
      if (!isNew && !isDue(experiment.place.folder) && !isDue(join(experiment.place.folder, 'tags'))) continue;
      experiment.check();
      for (const run of experiment.list()) {
        if (isNew) this.#index.changes.run(run);
        this.#follow(run);
      }
    }
  }

  #lookAtRuns(isDue: (folder: string) => boolean, now: number): void {
    for (const [run, until] of this.#followed) {
      if (run.folders.some(isDue)) run.check(true);
      if (run.isRunning) continue;
      if (until === Infinity) this.#followed.set(run, now + followOn);
      else if (now >= until) this.#followed.delete(run);
    }
  }

  /** A few at each look, in turn. */
  #lookAtPastRuns(now: number): void {
    for (let end = now + pastRunsBudget; performance.now() < end;) {
      this.#pastRuns ??= this.#index.knownExperiments.flatMap(({ knownRuns }) => knownRuns)[Symbol.iterator]();
      const { value: run, done } = this.#pastRuns.next();
      if (done === true) {
        this.#pastRuns = undefined;
        return;
      }
      run.check(false);
      if (run.isRunning && !this.#followed.has(run)) this.#follow(run);
    }
  }

  #lookAtModels(now: number): void {
    if (now < this.#nextModelsLook) return;
    const start = performance.now();
    const models = modelsFingerprint(this.#index);
    const end = performance.now();
    this.#nextModelsLook = end + (end - start) / modelsShare;
    if (models !== this.#models) this.#index.changes.registry();
    this.#models = models;
  }

  #follow(run: RunFolder): void {
    if (!run.isRunning || this.#followed.size >= mostFollowed) return;
    run.readAll();
    this.#followed.set(run, Infinity);
  }

  #watch(): void {
    const { root, knownExperiments } = this.#index;
    const experiments = knownExperiments.flatMap(({ place: { folder } }) => [folder, join(folder, 'tags')]);
    const runs = [...this.#followed.keys()].flatMap((run) => run.folders);
    this.#watches.keep(new Set([root, join(root, trashFolder), join(root, registryFolder), ...experiments, ...runs]));
  }
}

const exhaustedText = (root: string, reason: string): string =>
  `No watch is left for the folders of ${root} (${reason}): changes are found by looking at the files of running runs every ${lookInterval} ms`;
