import { signal, type ReadonlySignal } from '@preact/signals';
import type { RowEdit, RunRow } from '../../../schemas/runs-protocol.ts';
import { byRun, editRow, stageIn } from './row-edits.ts';
import { keyOf, runOf, type RowWindow } from './row-window.ts';
import { stageOf, type Edited } from './shown-rows.ts';

interface Departed {
  readonly row: RunRow;
  /** Of the rows as they were read last: above this one it stood. */
  readonly line: number;
  /** Where it stood at first: what stood beside it may have gone too. */
  readonly order: number;
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
  take(window: RowWindow, pending: readonly RowEdit[], written: readonly RowEdit[]): void {
    const writtenOf = byRun(written);
    const { columns } = window.source.query;
    const rows = new Map(window.loaded.flatMap((entry) => runOf(entry) ?? []).map((row) => [row.runId, row]));
    const gone = new Set(this.#edited.peek().gone);
    for (const [runId, edits] of writtenOf) {
      const stage = stageIn(edits);
      if (stage === stageOf(window.source)) this.#comeBack(runId, gone, rows.has(runId));
      else if (stage !== undefined) this.#go(runId, gone, { row: rows.get(runId), line: window.lineOf(runId) });
      const row = rows.get(runId);
      if (row !== undefined)
        rows.set(
          runId,
          edits.reduce((before, edit) => editRow(before, edit, columns), row),
        );
    }
    window.replace(new Map([...rows].filter(([runId]) => writtenOf.has(runId))));
    this.#set(byRun(pending), gone, stageOf(window.source));
  }

  /** Rows were read anew, in the place of those of before; the reading began at this time, in ms since the epoch. */
  settle(next: RowWindow, before: RowWindow | undefined, readAt: number): void {
    const { gone, pending } = this.#edited.peek();
    const lines = before?.linesOf(gone) ?? [];
    const there = new Set(next.loaded.map(keyOf));
    const left = [...this.#departed].filter(([runId, { backSince }]) => !there.has(runId) && (backSince === undefined || backSince >= readAt));
    this.#departed = new Map(left.map(([runId, run]) => [runId, { ...run, line: run.line - lines.filter((line) => line < run.line).length }]));
    this.#set(pending, new Set(), stageOf(next.source));
  }

  /** Other rows are shown from now on. */
  forget(): void {
    this.#departed = new Map();
  }

  /** Whether it comes back, and has not been read since. */
  isBack(runId: string): boolean {
    return this.#edited.peek().back.some(({ row }) => row.runId === runId);
  }

  #comeBack(runId: string, gone: Set<string>, isThere: boolean): void {
    gone.delete(runId);
    const departed = this.#departed.get(runId);
    const others = [...this.#departed].filter(([other]) => other !== runId);
    if (departed !== undefined) this.#departed = new Map(isThere ? others : [...others, [runId, { ...departed, backSince: Date.now() }]]);
  }

  #go(runId: string, gone: Set<string>, { row, line }: { readonly row: RunRow | undefined; readonly line: number | undefined }): void {
    gone.add(runId);
    if (row !== undefined && line !== undefined) this.#departed = new Map([...this.#departed, [runId, { row, line, order: line }]]);
  }

  #set(pending: Edited['pending'], gone: ReadonlySet<string>, stage: RunRow['lifecycleStage']): void {
    const back = [...this.#departed].filter(([runId, { backSince }]) => backSince !== undefined || stageIn(pending.get(runId)) === stage);
    this.#edited.value = {
      pending,
      gone,
      back: back
        .map(([, departed]) => departed)
        .toSorted((left, right) => left.line - right.line || left.order - right.order)
        .map(({ row, line }) => ({ row: { ...row, lifecycleStage: stage }, line })),
    };
  }
}
