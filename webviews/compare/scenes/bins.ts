import type { FieldId } from '../../../schemas/compare-layout.ts';
import { formatNumber } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import { describeField, readField, readNumber, readText } from '../runs/fields.ts';

/** A field cut into a few places: its values themselves, or ranges of many numbers. */
export interface Bins {
  readonly labels: readonly string[];
  /** Undefined for a run without the field. */
  binOf(run: ComparedRun): number | undefined;
}

const mostValues = 20;
const ranges = 10;
const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const binField = (runs: readonly ComparedRun[], field: FieldId): Bins => {
  const values = [...new Set(runs.filter((run) => readField(run, field) !== undefined).map((run) => readText(run, field)))];
  return values.length > mostValues && describeField(runs, field).kind === 'number' ? rangesOf(runs, field) : valuesOf(values, field);
};

const valuesOf = (values: readonly string[], field: FieldId): Bins => {
  const labels = [...values].sort((left, right) => Number(left) - Number(right) || naturally.compare(left, right));
  const places = new Map(labels.map((label, index) => [label, index]));
  return { labels, binOf: (run) => (readField(run, field) === undefined ? undefined : places.get(readText(run, field))) };
};

const rangesOf = (runs: readonly ComparedRun[], field: FieldId): Bins => {
  const numbers = runs.map((run) => readNumber(run, field)).filter(Number.isFinite);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const width = (high - low) / ranges;
  return {
    labels: Array.from({ length: ranges }, (_, index) => `${formatNumber(low + index * width)} – ${formatNumber(low + (index + 1) * width)}`),
    binOf: (run) => {
      const value = readNumber(run, field);
      return Number.isFinite(value) ? Math.min(Math.floor((value - low) / width), ranges - 1) : undefined;
    },
  };
};
