import { signal, type ReadonlySignal } from '@preact/signals';
import type { RowEdit, RunRow } from '../../../schemas/runs-protocol.ts';
import { byRun, editRow, stageIn } from './row-edits.ts';
import { runOf, type RowWindow } from './row-window.ts';
import { stageOf, type Edited, type ShownRows } from './shown-rows.ts';

interface Departed {
  readonly row: RunRow;
  /** Lines above it. */
  readonly before: number;
  /** ms since the epoch; set once it is back: a reading that began later has it. */
  readonly backSince?: number;
}

const nothing: Edited = { pending: new Map(), gone: new Set(), back: [] };

/** What a person has done to the rows of a table, from the first moment until they have been read again. */
export class EditedRows {
  readonly #edited = signal<Edited>(nothing);
  #departed: ReadonlyMap<string, Departed> = new Map();

  readonly now: ReadonlySignal<Edited> = this.#edited;

  /** All that is pending now, and what has been written since: that is part of the rows from now on. */
  take(pending: readonly RowEdit[], written: readonly RowEdit[], { window, shown }: { readonly window: RowWindow; readonly shown: ShownRows }): void {
    const stage = stageOf(window.source);
    const writtenOf = byRun(written);
    const { columns } = window.source.query;
    const rows = window.loaded.flatMap((entry) => runOf(entry) ?? []).filter(({ runId }) => writtenOf.has(runId));
    const gone = new Set(this.#edited.peek().gone);
    for (const [runId, edits] of writtenOf) this.#note({ runId, stage: stageIn(edits), gone, rows, shown }, stage);
    window.replace(new Map(rows.map((row) => [row.runId, (writtenOf.get(row.runId) ?? []).reduce((before, edit) => editRow(before, edit, columns), row)])));
    this.#set(byRun(pending), gone, stage);
  }

  /** Rows were read anew; the reading began at this time, in ms since the epoch. */
  settle(window: RowWindow, { readAt, isSame }: { readonly readAt: number; readonly isSame: boolean }): void {
    this.#departed = new Map(isSame ? [...this.#departed].filter(([, { backSince }]) => backSince === undefined || backSince >= readAt) : []);
    this.#set(this.#edited.peek().pending, new Set(), stageOf(window.source));
  }

  /** Whether it has come back, and has not been read since. */
  isBack(runId: string): boolean {
    return this.#departed.get(runId)?.backSince !== undefined;
  }

  #note({ runId, stage, gone, rows, shown }: Written, own: RunRow['lifecycleStage']): void {
    if (stage === undefined) return;
    const departed = this.#departed.get(runId);
    if (stage === own) {
      gone.delete(runId);
      if (departed !== undefined) this.#departed = new Map([...this.#departed, [runId, { ...departed, backSince: Date.now() }]]);
      return;
    }
    gone.add(runId);
    const row = rows.find((one) => one.runId === runId);
    const before = shown.placeOf(runId);
    if (row !== undefined && before !== undefined) this.#departed = new Map([...this.#departed, [runId, { row, before }]]);
  }

  #set(pending: Edited['pending'], gone: ReadonlySet<string>, stage: RunRow['lifecycleStage']): void {
    const back = [...this.#departed].filter(([runId, { backSince }]) => backSince !== undefined || stageIn(pending.get(runId)) === stage);
    this.#edited.value = {
      pending,
      gone,
      back: back.map(([, { row, before }]) => ({ added: { ...row, lifecycleStage: stage }, before })).toSorted((left, right) => left.before - right.before),
    };
  }
}

interface Written {
  readonly runId: string;
  readonly stage: RowEdit['lifecycleStage'];
  readonly gone: Set<string>;
  readonly rows: readonly RunRow[];
  readonly shown: ShownRows;
}
