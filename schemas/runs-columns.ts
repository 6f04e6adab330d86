/** Columns of the runs table: expressions of the run search (`RunSearchRequest`), as text and in parts. */

export type MetricValue = 'last' | 'best' | 'min' | 'max' | 'mean';
export const metricValues: readonly MetricValue[] = ['last', 'best', 'min', 'max', 'mean'];

export type Column =
  | { readonly kind: 'attributes' | 'params' | 'tags'; readonly key: string }
  | { readonly kind: 'metrics'; readonly key: string; readonly value: MetricValue }
  | { readonly kind: 'metrics'; readonly key: string; readonly value: 'at'; readonly step: number }
  /** What is no plain value: it cannot be sorted by. */
  | { readonly kind: 'experiment' | 'datasets' | 'models' };

/** A column as text: what views hold and servers are asked for. */
export type ColumnId = string;

const bare = ['experiment', 'datasets', 'models'] as const;
const keyed = /^(attributes|params|tags|metrics)\.(?:`([^`]+)`|"([^"]+)"|([^`"()]+))$/;
const applied = /^(best|min|max|mean)\((.*)\)$/;
const appliedAt = /^at\((.*),\s*(-?\d+)\)$/;

export const readColumn = (id: ColumnId): Column | undefined => {
  const simple = bare.find((kind) => kind === id);
  if (simple !== undefined) return { kind: simple };
  const [, metric, step] = appliedAt.exec(id) ?? [];
  if (metric !== undefined) return readAt(metric, Number(step));
  const [, fn, inside] = applied.exec(id) ?? [];
  const [, prefix, ...keys] = keyed.exec(inside ?? id) ?? [];
  const kind = (['attributes', 'params', 'tags', 'metrics'] as const).find((candidate) => candidate === prefix);
  const key = keys.find((candidate) => candidate !== undefined)?.trim();
  if (kind === undefined || key === undefined || key === '') return undefined;
  if (kind === 'metrics') return { kind, key, value: metricValues.find((value) => value === fn) ?? 'last' };
  return fn === undefined ? { kind, key } : undefined;
};

/** MLflow's steps have 64 bits: beyond what a number holds they cannot be told apart here. */
export const isStep = (value: number): boolean => Number.isSafeInteger(value);

const readAt = (id: ColumnId, step: number): Column | undefined => {
  const column = readColumn(id);
  return column?.kind === 'metrics' && column.value === 'last' && isStep(step) ? { kind: 'metrics', key: column.key, value: 'at', step } : undefined;
};

/** Undefined for a key that no quotes can hold. */
export const columnId = (column: Column): ColumnId | undefined => {
  if (!('key' in column)) return column.kind;
  const key = quotedKey(column.key);
  if (key === undefined) return undefined;
  const id = `${column.kind}.${key}`;
  if (column.kind !== 'metrics' || column.value === 'last') return id;
  return column.value === 'at' ? `at(${id}, ${column.step})` : `${column.value}(${id})`;
};

/** Plain names as they are, others in backticks, or in double quotes. */
export const quotedKey = (key: string): string | undefined => {
  if (/^[a-z_]\w*$/i.test(key)) return key;
  if (!key.includes('`')) return `\`${key}\``;
  return key.includes('"') ? undefined : `"${key}"`;
};

const attributeTitles: Readonly<Record<string, string>> = {
  status: 'Status',
  start_time: 'Age',
  end_time: 'Ended',
  duration: 'Duration',
  run_id: 'Run ID',
  run_name: 'Run name',
  user_id: 'User ID',
  artifact_uri: 'Artifact location',
};

const tagTitles: Readonly<Record<string, string>> = {
  'mlflow.user': 'User',
  'mlflow.source.name': 'Source',
  'mlflow.source.git.commit': 'Commit',
  'mlflow.source.git.branch': 'Branch',
  'mlflow.note.content': 'Note',
};

const bareTitles = { experiment: 'Experiment', datasets: 'Datasets', models: 'Models' } as const;
const own = (titles: Readonly<Record<string, string>>, key: string): string | undefined => (Object.hasOwn(titles, key) ? titles[key] : undefined);

const metricTitle = (column: Extract<Column, { kind: 'metrics' }>): string => {
  if (column.value === 'at') return `${column.key} at step ${column.step.toLocaleString('en-US')}`;
  return column.value === 'last' ? column.key : `${column.value} ${column.key}`;
};

/** As a person reads it. */
export const columnTitle = (column: Column): string => {
  switch (column.kind) {
    case 'attributes':
      return own(attributeTitles, column.key) ?? column.key;
    case 'tags':
      return own(tagTitles, column.key) ?? column.key;
    case 'params':
      return column.key;
    case 'metrics':
      return metricTitle(column);
    default:
      return bareTitles[column.kind];
  }
};

/** Columns that the table itself has words for; everything else is a param, a metric or a tag of somebody. */
export const infoColumns: readonly ColumnId[] = [
  'experiment',
  'attributes.status',
  'attributes.start_time',
  'attributes.end_time',
  'attributes.duration',
  'tags.`mlflow.source.name`',
  'tags.`mlflow.source.git.commit`',
  'tags.`mlflow.source.git.branch`',
  'tags.`mlflow.user`',
  'attributes.run_id',
  'attributes.artifact_uri',
  'tags.`mlflow.note.content`',
  'datasets',
  'models',
];

export const isSortable = (id: ColumnId): boolean => {
  const column = readColumn(id);
  return column !== undefined && 'key' in column;
};

/** What a server is asked for: it does not know the names of experiments by run. */
export const isAsked = (id: ColumnId): boolean => id !== 'experiment';
