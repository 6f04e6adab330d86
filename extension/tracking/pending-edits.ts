import type { ExperimentId, RunId, StoreId } from '../../schemas/ids.ts';
import type { Preview } from '../shared/change-in-turns.ts';
import type { Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import type { Experiment, LifecycleStage } from './experiment.ts';
import type { Run, RunStatus, Tag } from './run.ts';

/** What a person has said of a run. */
export interface RunEdit {
  readonly kind: 'run';
  readonly storeId: StoreId;
  readonly runId: RunId;
  readonly name?: string;
  readonly status?: RunStatus;
  readonly lifecycleStage?: LifecycleStage;
  /** null: removed. */
  readonly tags?: readonly { readonly key: string; readonly value: string | null }[];
  /** The run as it is, for views that do not have it: one that comes back. */
  readonly run?: Run;
}

/** What a person has said of an experiment. */
export interface ExperimentEdit {
  readonly kind: 'experiment';
  readonly storeId: StoreId;
  readonly experimentId: ExperimentId;
  readonly name?: string;
  readonly lifecycleStage?: LifecycleStage;
  readonly experiment?: Experiment;
}

export type Edit = RunEdit | ExperimentEdit;

export interface EditsChange {
  readonly storeId: StoreId;
  readonly edits: readonly Edit[];
  /** `shown` before the store has answered; then it has them, or they are taken back. */
  readonly outcome: 'shown' | 'written' | 'takenBack';
}

/**
 * What a person has written and no store has acknowledged yet. Views show what they have read with these edits in it; an edit that is
 * written is part of what they have read, and one that a store refuses leaves what was there before.
 */
export class PendingEdits implements Disposable {
  readonly #pending = new Map<string, readonly Edit[]>();
  readonly #changed = new Emitter<EditsChange>();

  readonly onDidChange = this.#changed.event;

  /** Of a change of many things. */
  preview<Item>(toEdit: (item: Item) => Edit): Preview<Item> {
    return {
      begin: (items) => {
        const edits = new Map(items.map((item) => [item, toEdit(item)]));
        const end = (some: readonly Item[], outcome: 'written' | 'takenBack'): void =>
          this.#end(
            some.flatMap((item) => edits.get(item) ?? []),
            outcome,
          );
        this.#begin([...edits.values()]);
        return { written: (item) => end([item], 'written'), takeBack: (some) => end(some, 'takenBack') };
      },
    };
  }

  /** Shows an edit while it is being written. */
  async during(edit: Edit, write: () => Promise<unknown>): Promise<void> {
    this.#begin([edit]);
    try {
      await write();
    } catch (error) {
      this.#end([edit], 'takenBack');
      throw error;
    }
    this.#end([edit], 'written');
  }

  of(storeId: StoreId): readonly Edit[] {
    return [...this.#pending.values()].flat().filter((edit) => edit.storeId === storeId);
  }

  /** As it looks now. */
  run(storeId: StoreId, run: Run): Run {
    return this.#of(storeId, run.info.runId).reduce<Run>((before, edit) => (edit.kind === 'run' ? editRun(before, edit) : before), run);
  }

  /** As it looks now. */
  experiment(storeId: StoreId, experiment: Experiment): Experiment {
    const edits = this.#of(storeId, experiment.experimentId);
    return edits.reduce<Experiment>((before, edit) => (edit.kind === 'experiment' ? editExperiment(before, edit) : before), experiment);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #of(storeId: StoreId, id: string): readonly Edit[] {
    return this.#pending.get(JSON.stringify([storeId, id])) ?? [];
  }

  #begin(edits: readonly Edit[]): void {
    for (const edit of edits) this.#pending.set(keyOf(edit), [...(this.#pending.get(keyOf(edit)) ?? []), edit]);
    this.#tell(edits, 'shown');
  }

  #end(edits: readonly Edit[], outcome: 'written' | 'takenBack'): void {
    for (const edit of edits) {
      const others = this.#pending.get(keyOf(edit))?.filter((other) => other !== edit) ?? [];
      if (others.length === 0) this.#pending.delete(keyOf(edit));
      else this.#pending.set(keyOf(edit), others);
    }
    this.#tell(edits, outcome);
  }

  #tell(all: readonly Edit[], outcome: EditsChange['outcome']): void {
    for (const [storeId, edits] of Map.groupBy(all, (edit) => edit.storeId)) this.#changed.fire({ storeId, edits, outcome });
  }
}

const keyOf = (edit: Edit): string => JSON.stringify([edit.storeId, edit.kind === 'run' ? edit.runId : edit.experimentId]);

export const editRun = (run: Run, { name, status, lifecycleStage, tags }: RunEdit): Run => ({
  ...run,
  info: {
    ...run.info,
    ...(name !== undefined && { runName: name }),
    ...(status !== undefined && { status }),
    ...(lifecycleStage !== undefined && { lifecycleStage }),
  },
  tags: tags === undefined ? run.tags : editTags(run.tags, tags),
});

/** A tag that is there keeps its place. */
const editTags = (before: readonly Tag[], edits: NonNullable<RunEdit['tags']>): readonly Tag[] => {
  const now = new Map<string, string | null>(before.map(({ key, value }) => [key, value]));
  for (const { key, value } of edits) now.set(key, value);
  return [...now].flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
};

export const editExperiment = (experiment: Experiment, { name, lifecycleStage }: ExperimentEdit): Experiment => ({
  ...experiment,
  ...(name !== undefined && { name }),
  ...(lifecycleStage !== undefined && { lifecycleStage }),
});
