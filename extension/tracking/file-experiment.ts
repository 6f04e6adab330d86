import { join } from 'node:path';

import type { RunId } from '../../schemas/ids.ts';
import type { YamlFields } from '../../schemas/yaml-value.ts';
import type { Experiment } from './experiment.ts';
import type { FileChanges } from './file-changes.ts';
import { exists, stampOf, stillHolds } from './file-io.ts';
import type { KeyFiles } from './file-keys.ts';
import { fileUri, isPlainName, isRunId, listRunNames, metaFile, type ExperimentPlace } from './file-layout.ts';
import { MetaFile, textOf, timeOf } from './file-meta.ts';
import { RunFolder, textFiles } from './file-run.ts';
import { problemTag } from './run.ts';

/** Share of the time that may go into looking whether old runs have changed. */
const lookShare = 0.1;
/** ms after which old runs are looked at again in any case. */
const latestLook = 10_000;

/** One experiment's folder and its runs, as far as they have been read. */
export class ExperimentFolder {
  readonly place: ExperimentPlace;
  readonly meta: MetaFile;
  readonly tags: KeyFiles<string>;
  /** Somebody looks at all its runs anyway, a few at a time. */
  isFollowed = false;
  readonly #changes: FileChanges;
  #stamp = '';
  #runs = new Map<string, RunFolder>();
  #nextLook = 0;

  constructor(place: ExperimentPlace, changes: FileChanges) {
    this.place = place;
    this.#changes = changes;
    this.meta = new MetaFile(place.folder);
    this.tags = textFiles(join(place.folder, 'tags'));
  }

  /** Why its `meta.yaml` tells nothing. */
  get problem(): string | undefined {
    const { reading } = this.meta;
    if ('problem' in reading) return reading.problem;
    const id = textOf(reading.fields['experiment_id']);
    return id === undefined || id === this.place.experimentId
      ? undefined
      : `${metaFile} is of experiment '${id}', its folder is called '${this.place.experimentId}'`;
  }

  get experiment(): Experiment {
    const { reading } = this.meta;
    const { problem } = this;
    const tags = [...this.tags.values].map(([key, value]) => ({ key, value }));
    if (problem === undefined && 'fields' in reading) return toExperiment(this.place, reading.fields, tags);
    const broken = toExperiment(this.place, {}, tags);
    return { ...broken, name: `${broken.name} (cannot be read)`, tags: [...tags, { key: problemTag, value: problem ?? '' }] };
  }

  /** Reads what there is of the experiment itself, so that the next look finds every change. */
  readAll(): void {
    void [this.meta.reading, this.tags.values];
  }

  /** Whether something of the experiment itself is another one. */
  check(): boolean {
    const isMetaChanged = this.meta.check();
    const isChanged = this.tags.check(true).length > 0 || isMetaChanged;
    if (isChanged) this.#changes.experiments();
    return isChanged;
  }

  /** Its runs, those whose folders are broken among them. Runs that have ended are looked at now and then only. */
  runs(): readonly RunFolder[] {
    this.list();
    const start = performance.now();
    const looksAtAll = !this.isFollowed && start >= this.#nextLook;
    for (const run of this.#runs.values()) if (looksAtAll || run.isRunning) run.check(run.isRunning);
    const end = performance.now();
    if (looksAtAll) this.#nextLook = end + Math.min((end - start) / lookShare, latestLook);
    return [...this.#runs.values()];
  }

  /** Those that have these ids, each looked at file by file: all others would take as long as there are many. */
  runsCalled(runIds: readonly string[]): readonly RunFolder[] {
    this.list();
    const found = [...new Set(runIds)].flatMap((runId) => this.#runs.get(runId) ?? []);
    for (const run of found) run.check(true);
    return found;
  }

  /** Finds new and removed runs; returns the new ones. */
  list(): readonly RunFolder[] {
    const { folder, experimentId } = this.place;
    const stamp = stampOf(folder);
    if (stillHolds(this.#stamp, stamp)) return [];
    const isFirst = this.#stamp === '';
    this.#stamp = stamp;
    const before = this.#runs;
    this.#runs = new Map(
      listRunNames(folder).flatMap((name) => this.#open(name, before.get(name) ?? new RunFolder(join(folder, name), experimentId, this.#changes))),
    );
    const added = [...this.#runs.values()].filter(({ runId }) => !before.has(runId));
    if (isFirst) return added;
    for (const run of [...added, ...[...before.values()].filter(({ runId }) => !this.#runs.has(runId))]) this.#changes.run(run);
    return added;
  }

  /** As they were found at the last look. */
  get knownRuns(): readonly RunFolder[] {
    return [...this.#runs.values()];
  }

  /** One run without listing all of them. */
  find(runId: RunId): RunFolder | undefined {
    const known = this.#runs.get(runId);
    const folder = join(this.place.folder, runId);
    if (!isPlainName(runId) || !exists(join(folder, metaFile))) return isRunId(runId) && exists(folder) ? known : undefined;
    if (known !== undefined) return known;
    const run = new RunFolder(folder, this.place.experimentId, this.#changes);
    this.#runs.set(runId, run);
    return run;
  }

  /** Folders without a `meta.yaml` may be anything, unless they are called as runs are. */
  #open(name: string, run: RunFolder): readonly (readonly [string, RunFolder])[] {
    return isPlainName(name) && (isRunId(name) || exists(join(run.folder, metaFile))) ? [[name, run]] : [];
  }
}

/** Old releases wrote no times. */
const toExperiment = ({ experimentId, folder, isInTrash }: ExperimentPlace, fields: YamlFields, tags: Experiment['tags']): Experiment => {
  const [creationTime, lastUpdateTime] = [timeOf(fields['creation_time']), timeOf(fields['last_update_time'])];
  return {
    experimentId,
    name: textOf(fields['name']) ?? experimentId,
    artifactLocation: textOf(fields['artifact_location']) ?? fileUri(folder),
    lifecycleStage: isInTrash || fields['lifecycle_stage'] === 'deleted' ? 'deleted' : 'active',
    ...(creationTime !== undefined && { creationTime }),
    ...(lastUpdateTime !== undefined && { lastUpdateTime }),
    tags,
  };
};
