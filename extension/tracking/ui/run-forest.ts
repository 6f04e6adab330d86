import type { RunId } from '../../../schemas/ids.ts';
import { asRunId } from '../../../schemas/ids.ts';
import { editRun, type RunEdit } from '../pending-edits.ts';
import type { Run } from '../run.ts';
import { parentOf } from './run-queries.ts';

const startOf = (run: Run): number => Number(run.info.startTime ?? 0);

const isDeleted = ({ info }: Run): boolean => info.lifecycleStage === 'deleted';

const newestFirst = (a: Run, b: Run): number => startOf(b) - startOf(a) || (a.info.runId < b.info.runId ? -1 : 1);

export interface ForestChange {
  /** Runs that came, went or moved. */
  readonly moved: boolean;
  /** Shown runs whose own row changed. */
  readonly changed: readonly RunId[];
  /** Parents of new nested runs that are not known here: they may be older than what is shown, or deleted. */
  readonly unknownParents: readonly RunId[];
}

/**
 * The loaded runs of one experiment. A run whose parent is not among them stands at the top: a nested
 * run outlives its deleted parent.
 */
export class RunForest {
  readonly #runs = new Map<RunId, Run>();
  readonly #parents = new Set<RunId>();
  /** Runs whose nested runs are loaded, with whether there are more. */
  readonly #expanded = new Map<RunId, boolean>();
  #byParent: ReadonlyMap<RunId | undefined, readonly Run[]> | undefined;
  /** The store has older runs at the top than those here. */
  hasMore = false;
  /** Not every nested run was looked at: any run may have some. */
  nestingIncomplete = false;
  readonly #lookOf: (run: Run) => Run;

  /** `lookOf` says how a run looks with what a person has just said of it. */
  constructor(lookOf: (run: Run) => Run = (run) => run) {
    this.#lookOf = lookOf;
  }

  get(runId: RunId): Run | undefined {
    const run = this.#runs.get(runId);
    const look = run && this.#lookOf(run);
    return look === undefined || isDeleted(look) ? undefined : look;
  }

  get runIds(): readonly RunId[] {
    return [...this.#runs.keys()];
  }

  top(): readonly Run[] {
    return this.#index().get(undefined) ?? [];
  }

  nestedIn(runId: RunId): readonly Run[] {
    return this.#index().get(runId) ?? [];
  }

  mayHaveNested(runId: RunId): boolean {
    return this.nestingIncomplete || this.#parents.has(runId) || this.nestedIn(runId).length > 0;
  }

  isExpanded(runId: RunId): boolean {
    return this.#expanded.has(runId);
  }

  hasMoreNested(runId: RunId): boolean {
    return this.#expanded.get(runId) === true;
  }

  parentIn(run: Run): Run | undefined {
    const parent = parentOf(run);
    return parent === undefined ? undefined : this.get(asRunId(parent));
  }

  add(runs: readonly Run[]): void {
    for (const run of runs) this.#put(run);
  }

  addNested(parentId: RunId, runs: readonly Run[], hasMore: boolean): void {
    this.add(runs);
    this.#expanded.set(parentId, hasMore);
    if (runs.length > 0) return;
    this.#parents.delete(parentId);
  }

  noteParents(runs: readonly Run[]): void {
    for (const run of runs) {
      const parent = parentOf(run);
      if (parent !== undefined) this.#parents.add(asRunId(parent));
    }
  }

  /** What the store says now of some runs: those found, and the ids of those that are no longer active. */
  update(found: readonly Run[], gone: readonly RunId[]): ForestChange {
    const change = { moved: false, changed: new Array<RunId>(), unknownParents: new Array<RunId>() };
    for (const runId of gone) change.moved = this.#remove(runId) || change.moved;
    for (const run of found) this.#updateOne(run, change);
    return change;
  }

  /** Whether it is one of these runs, or comes back to them; what is written is so from now on. */
  edit(edit: RunEdit, isWritten: boolean): boolean {
    const run = this.#runs.get(edit.runId) ?? edit.run;
    if (run === undefined) return false;
    this.#put(isWritten ? editRun(run, edit) : run);
    return true;
  }

  #updateOne(run: Run, change: { moved: boolean; changed: RunId[]; unknownParents: RunId[] }): void {
    const { runId } = run.info;
    const known = this.#runs.get(runId);
    if (known !== undefined && !isDeleted(known)) {
      this.#put(run);
      change.changed.push(runId);
      change.moved ||= startOf(known) !== startOf(run) || parentOf(known) !== parentOf(run);
      return;
    }
    const parent = parentOf(run);
    if (parent === undefined) {
      change.moved = this.#addToTop(run) || change.moved;
      return;
    }
    const parentId = asRunId(parent);
    this.#parents.add(parentId);
    if (this.#expanded.has(parentId)) {
      this.#put(run);
      change.moved = true;
    } else if (this.#runs.has(parentId)) change.changed.push(parentId);
    else change.unknownParents.push(parentId);
  }

  /** Runs older than what is shown stay behind *Show more*. */
  #addToTop(run: Run): boolean {
    const oldest = this.top().at(-1);
    if (this.hasMore && oldest !== undefined && newestFirst(oldest, run) < 0) return false;
    this.#put(run);
    return true;
  }

  #put(run: Run): void {
    this.#runs.set(run.info.runId, run);
    this.#byParent = undefined;
  }

  /** It may come back. */
  #remove(runId: RunId): boolean {
    this.#expanded.delete(runId);
    this.#parents.delete(runId);
    const run = this.#runs.get(runId);
    if (run === undefined || isDeleted(run)) return false;
    this.#put({ ...run, info: { ...run.info, lifecycleStage: 'deleted' } });
    return true;
  }

  #index(): ReadonlyMap<RunId | undefined, readonly Run[]> {
    this.#byParent ??= Map.groupBy(this.runIds.flatMap((runId) => this.get(runId) ?? []).sort(newestFirst), (run) => this.parentIn(run)?.info.runId);
    return this.#byParent;
  }
}
