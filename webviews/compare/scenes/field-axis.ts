import type { FieldId } from '../../../schemas/compare-layout.ts';
import { formatDateTime, formatDuration, formatNumber, isDrawable } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Axis } from '../plot/axes.ts';
import { extentOf, padded } from '../plot/range.ts';
import { describeField, fieldLabel, readField, readNumber, readText } from '../runs/fields.ts';

/** A field as an axis: numbers in their range, everything else side by side. */
export interface FieldAxis {
  readonly axis: Axis;
  /** NaN for a run that has no place on the axis. */
  place(run: ComparedRun): number;
  /** The run's value as a person reads it. */
  text(run: ComparedRun): string;
}

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const fieldAxis = (runs: readonly ComparedRun[], field: FieldId, log = false): FieldAxis => {
  const text = (run: ComparedRun): string => formatField(run, field);
  if (describeField(runs, field).kind === 'category') return categoryAxis(runs, field, text);
  const place = (run: ComparedRun): number => {
    const value = readNumber(run, field);
    return isDrawable(value) && !(log && value <= 0) ? value : Number.NaN;
  };
  const range = padded(extentOf(runs.map(place), log) ?? (log ? { from: 1, to: 10 } : { from: 0, to: 1 }), log);
  return { axis: { ...numberAxis(field, log), range, title: fieldLabel(field) }, place, text };
};

const numberAxis = (field: FieldId, log: boolean) => {
  if (field === 'attributes.start_time') return { kind: 'time' as const };
  return field === 'attributes.duration' ? { kind: 'duration' as const } : { kind: 'number' as const, log };
};

const categoryAxis = (runs: readonly ComparedRun[], field: FieldId, text: FieldAxis['text']): FieldAxis => {
  const labels = [...new Set(runs.flatMap((run) => (readField(run, field) === undefined ? [] : [readText(run, field)])))].sort(naturally.compare);
  const places = new Map(labels.map((label, index) => [label, index]));
  return { axis: { kind: 'category', labels, title: fieldLabel(field) }, place: (run) => places.get(readText(run, field)) ?? Number.NaN, text };
};

/** The value of a run as it reads in a tooltip. */
export const formatField = (run: ComparedRun, field: FieldId): string => {
  const value = readField(run, field);
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (field === 'attributes.start_time') return formatDateTime(value);
  return field === 'attributes.duration' ? formatDuration(value) : formatNumber(value);
};
