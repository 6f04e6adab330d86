import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Range } from '../plot/range.ts';

/** The runs that were chosen in one card, and that all the others are narrowed to. */
export interface Brush {
  readonly cardId: string;
  readonly runIds: ReadonlySet<string>;
  /** Of parallel coordinates: the chosen part of each axis, by field. */
  readonly ranges: Readonly<Record<string, Range>>;
}

export const withinBrush = (runs: readonly ComparedRun[], brush: Brush | undefined): readonly ComparedRun[] =>
  brush === undefined ? runs : runs.filter(({ runId }) => brush.runIds.has(runId));

/** The chosen runs in MLflow's filter language. */
export const toFilter = (runs: readonly ComparedRun[]): string => `attributes.run_id IN (${runs.map(({ runId }) => `'${runId}'`).join(', ')})`;
