import type { FieldId } from '../../../schemas/compare-layout.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';

export interface Field {
  readonly id: FieldId;
  /** Numbers are placed on an axis; everything else is put side by side. */
  readonly kind: 'number' | 'category';
  /** Whether the runs do not all have the same value. */
  readonly differs: boolean;
}

const attributes: Readonly<Record<string, (run: ComparedRun) => string | number | undefined>> = {
  experiment: ({ experimentName }) => experimentName,
  status: ({ status }) => status.toLowerCase(),
  run: ({ name }) => name,
  'attributes.start_time': ({ startTime }) => startTime,
  'attributes.duration': ({ startTime, endTime }) => (startTime === undefined || endTime === undefined ? undefined : endTime - startTime),
};

/** The name as a person reads it, without the prefix. */
export const fieldLabel = (id: FieldId): string => id.replace(/^(params|metrics|tags|attributes)\./, '');

export const readField = (run: ComparedRun, id: FieldId): string | number | undefined => {
  const read = Object.hasOwn(attributes, id) ? attributes[id] : undefined;
  if (read !== undefined) return read(run);
  const dot = id.indexOf('.');
  const key = id.slice(dot + 1);
  switch (id.slice(0, dot)) {
    case 'params':
      return own(run.params, key);
    case 'metrics':
      return own(run.metrics, key);
    case 'tags':
      return own(run.tags, key);
    default:
      return undefined;
  }
};

const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/** The value as a number; NaN when it is none. Params are text, also those that were numbers in Python. */
export const readNumber = (run: ComparedRun, id: FieldId): number => toNumber(readField(run, id));

const toNumber = (value: string | number | undefined): number => {
  if (typeof value === 'number') return value;
  return value === undefined || value.trim() === '' ? Number.NaN : Number(value);
};

/** The value as text; empty when the run has none. */
export const readText = (run: ComparedRun, id: FieldId): string => String(readField(run, id) ?? '');

export const describeField = (runs: readonly ComparedRun[], id: FieldId): Field => {
  const values = runs.map((run) => readField(run, id)).filter((value) => value !== undefined);
  const numbers = values.length > 0 && values.every((value) => typeof value === 'number' || !Number.isNaN(toNumber(value)));
  return { id, kind: numbers ? 'number' : 'category', differs: runs.length !== values.length || new Set(values).size > 1 };
};

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** MLflow's own tags are for programs. */
const isForPeople = (tag: string): boolean => !tag.startsWith('mlflow.');

/** Every field that at least one of the runs has: params, metrics, tags, attributes. */
export const fieldIdsOf = (runs: readonly ComparedRun[]): readonly FieldId[] => {
  const keys = (pick: (run: ComparedRun) => Readonly<Record<string, unknown>>): readonly string[] =>
    [...new Set(runs.flatMap((run) => Object.keys(pick(run))))].sort(naturally.compare);
  return [
    ...keys(({ params }) => params).map((key) => `params.${key}`),
    ...keys(({ metrics }) => metrics).map((key) => `metrics.${key}`),
    ...keys(({ tags }) => tags)
      .filter(isForPeople)
      .map((key) => `tags.${key}`),
    ...Object.keys(attributes),
  ];
};
