import Papa from 'papaparse';
import type { ScoringRequest } from '../../../schemas/serve-page.ts';
import type { ColumnField, FormShape } from './fields.ts';
import type { RequestData } from './form.ts';
import { rowsText } from './form.ts';
import { listText, objectText, parseJson } from './json-text.ts';

/** The forms in which a scoring server takes data. */
export const formats = ['dataframe_split', 'dataframe_records', 'instances', 'inputs', 'csv'] as const;
export type Format = (typeof formats)[number];

export const contentTypeOf = (format: Format): ScoringRequest['contentType'] => (format === 'csv' ? 'text/csv' : 'application/json');

/** Those that can carry what a model takes: a list of values under the columns' names, or by their places. */
export const formatsFor = ({ data, isFromTypeHints }: FormShape): readonly Format[] => {
  if (data.kind === 'free') return formats;
  if (isFromTypeHints) return ['inputs'];
  if (data.kind === 'tensors') return data.tensors.length === 1 && data.tensors[0]?.name === undefined ? ['inputs', 'instances'] : ['inputs'];
  if (!data.columns.every(isNamed)) return ['dataframe_split'];
  // MLflow makes arrays of instances and inputs, which lose lists and objects; its reader of CSV knows neither dates nor bytes.
  const isPlain = data.columns.every(({ type }) => type.kind === 'scalar');
  const hasCsv = data.columns.every(({ type }) => type.kind === 'scalar' && type.name !== 'binary' && type.name !== 'datetime');
  return ['dataframe_split', 'dataframe_records', ...(isPlain ? (['instances', 'inputs'] as const) : []), ...(hasCsv ? (['csv'] as const) : [])];
};

export const defaultFormat = (shape: FormShape): Format => formatsFor(shape)[0] ?? 'dataframe_split';

const isNamed = ({ name }: ColumnField): boolean => name !== undefined;

export const bodyOf = (data: RequestData, params: string | undefined, format: Format, isFromTypeHints: boolean): string => {
  if (format === 'csv') return data.kind === 'table' ? csvOf(data) : '';
  const content = data.kind === 'tensors' ? tensorsText(data) : isFromTypeHints ? listText(data.rows.map((row) => row[0] ?? 'null')) : tableText(data, format);
  return objectText([[format, content], ...(params === undefined ? [] : [['params', params] as const])]);
};

const tensorsText = ({ tensors }: Extract<RequestData, { kind: 'tensors' }>): string => {
  const [first] = tensors;
  if (tensors.length === 1 && first?.field.name === undefined) return first?.json ?? 'null';
  return objectText(tensors.map(({ field, json }) => [String(field.name), json]));
};

type TableData = Extract<RequestData, { kind: 'table' }>;

const tableText = ({ columns, rows }: TableData, format: Exclude<Format, 'csv'>): string => {
  const names = columns.map(({ name }, index) => String(name ?? index));
  switch (format) {
    case 'dataframe_split':
      return objectText([...(columns.every(isNamed) ? [['columns', JSON.stringify(columns.map(({ name }) => name))] as const] : []), ['data', rowsText(rows)]]);
    case 'inputs':
      return objectText(names.map((name, column) => [name, listText(rows.map((row) => row[column] ?? 'null'))]));
    default:
      return listText(rows.map((row) => objectText(names.map((name, column) => [name, row[column] ?? 'null']))));
  }
};

const csvOf = ({ columns, rows }: TableData): string =>
  Papa.unparse({ fields: columns.map(({ label }) => label), data: rows.map((row) => row.map(cellOf)) }, { newline: '\n' });

const cellOf = (json: string): string => {
  const value = parseJson(json)?.value;
  if (value === null) return '';
  return typeof value === 'string' ? value : json;
};

/** As somebody would like to edit it; numbers that JavaScript cannot hold stay on their line. */
export const pretty = (body: string, format: Format): string => {
  if (format === 'csv') return body;
  const isExact = ![...body.matchAll(/-?\d{16,}/g)].some(([digits]) => !Number.isSafeInteger(Number(digits)));
  try {
    return isExact
      ? JSON.stringify(JSON.parse(body), undefined, 2).replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (_, inner: string) => `[${inner.replaceAll(/\s*\n\s*/g, ' ')}]`)
      : body;
  } catch {
    return body;
  }
};
