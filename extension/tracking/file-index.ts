import { join } from 'node:path';

import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import { FileChanges } from './file-changes.ts';
import { ExperimentFolder } from './file-experiment.ts';
import { exists, listFolder, stampOf, stillHolds } from './file-io.ts';
import { findExperimentPlace, listExperimentPlaces, metaFile, trashFolder } from './file-layout.ts';
import type { RunFolder } from './file-run.ts';

export interface FoundRun {
  readonly experiment: ExperimentFolder;
  readonly run: RunFolder;
}

/**
 * What has been read of an `mlruns/`. Each look at a part of it compares modification times and reads again what has
 * changed, so that nothing needs to be watched to be true.
 */
export class FileIndex {
  readonly root: string;
  readonly changes = new FileChanges();
  #stamps = '';
  #experiments = new Map<ExperimentId, ExperimentFolder>();
  /** Where runs were found last. */
  readonly #experimentOf = new Map<RunId, ExperimentFolder>();

  constructor(root: string) {
    this.root = root;
  }

  /** All experiments, deleted ones too. */
  experiments(): readonly ExperimentFolder[] {
    this.list();
    for (const experiment of this.#experiments.values()) experiment.check();
    return [...this.#experiments.values()];
  }

  /** Finds new, moved and removed experiments; whether there are any. */
  list(): boolean {
    const stamps = `${stampOf(this.root)} | ${stampOf(join(this.root, trashFolder))}`;
    if (stillHolds(this.#stamps, stamps) && !stamps.includes('unsettled')) return false;
    this.#stamps = stamps;
    const before = this.#experiments;
    this.#experiments = new Map();
    for (const place of listExperimentPlaces(this.root).filter(({ folder }) => isExperiment(folder))) {
      const known = before.get(place.experimentId);
      const isKept = known?.place.folder === place.folder;
      if (!this.#experiments.has(place.experimentId)) this.#experiments.set(place.experimentId, isKept ? known : new ExperimentFolder(place, this.changes));
    }
    const isChanged = [...this.#experiments].some(([id, experiment]) => before.get(id) !== experiment) || before.size !== this.#experiments.size;
    if (isChanged) this.changes.experiments();
    return isChanged;
  }

  /** One experiment without listing all of them. */
  experiment(experimentId: ExperimentId): ExperimentFolder | undefined {
    const place = findExperimentPlace(this.root, experimentId);
    if (place === undefined) return this.experiments().find((one) => one.place.experimentId === experimentId);
    const known = this.#experiments.get(experimentId);
    const experiment = known?.place.folder === place.folder ? known : new ExperimentFolder(place, this.changes);
    this.#experiments.set(experimentId, experiment);
    experiment.check();
    return experiment;
  }

  /** As they were found at the last look. */
  get knownExperiments(): readonly ExperimentFolder[] {
    return [...this.#experiments.values()];
  }

  run(runId: RunId): FoundRun | undefined {
    this.list();
    const last = this.#experimentOf.get(runId);
    const isKnown = last !== undefined && this.#experiments.get(last.place.experimentId) === last;
    for (const experiment of isKnown ? [last, ...this.#experiments.values()] : this.#experiments.values()) {
      const run = experiment.find(runId);
      if (run === undefined) continue;
      this.#experimentOf.set(runId, experiment);
      run.check(true);
      return { experiment, run };
    }
    return undefined;
  }
}

/** One whose `meta.yaml` is gone is known by its runs. */
const isExperiment = (folder: string): boolean => exists(join(folder, metaFile)) || listFolder(folder).some(({ name }) => exists(join(folder, name, metaFile)));
