import Papa from 'papaparse';
import type { ColumnField, FormShape } from './fields.ts';
import type { Format } from './formats.ts';
import { isRecord, jsonProblem } from './json-text.ts';
import { checkJson, parseTensor } from './values.ts';

const dataKeys = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;
/** A request of a language model, which MLflow hands over as it is. */
const unifiedKeys = ['messages', 'prompt', 'input'] as const;

/** Why the server would refuse a request that was written by hand, as far as the signature tells; empty when it would not. */
export const checkRaw = (body: string, format: Format, shape: FormShape): readonly string[] => {
  if (format === 'csv') return checkCsv(body, shape);
  const syntax = jsonProblem(body);
  if (syntax !== undefined) return [`This is no JSON: ${syntax}`];
  const request: unknown = JSON.parse(body);
  if (!isRecord(request)) return [`A request is an object with one of ${dataKeys.join(', ')}.`];
  const present = dataKeys.filter((key) => Object.hasOwn(request, key));
  if (present.length === 0 && unifiedKeys.some((key) => Object.hasOwn(request, key))) return [];
  const [key] = present;
  if (key === undefined || present.length > 1) return [`A request has exactly one of ${dataKeys.join(', ')}; this one has ${present.join(' and ') || 'none'}.`];
  return [...checkData(request[key], key, shape), ...checkParams(request['params'], shape)];
};

const checkData = (value: unknown, key: (typeof dataKeys)[number], { data, isFromTypeHints }: FormShape): readonly string[] => {
  if (isFromTypeHints && key !== 'inputs') return ['The signature comes from type hints: data go in as a list under inputs.'];
  if (key === 'dataframe_split') return checkSplit(value, data);
  if (key === 'dataframe_records') return Array.isArray(value) ? checkRecords(value, data) : ['dataframe_records is a list of objects.'];
  if (data.kind === 'tensors') return checkTensors(value, data);
  if (data.kind !== 'table' || isFromTypeHints) return [];
  if (isRecord(value)) return missingColumns(data.columns, Object.keys(value));
  return Array.isArray(value) && value.every(isRecord) ? checkRecords(value, data) : checkUnnamed(data.columns, key);
};

const checkUnnamed = (columns: readonly ColumnField[], key: string): readonly string[] =>
  columns.every(({ name }) => name === undefined) ? [] : [`${key} holds objects with the names of the columns: MLflow does not match lists to names.`];

const checkSplit = (value: unknown, data: FormShape['data']): readonly string[] => {
  if (!isRecord(value) || !Array.isArray(value['data'])) return ['dataframe_split is an object with a list under data, and optionally columns and index.'];
  const extra = Object.keys(value).filter((key) => !['data', 'columns', 'index'].includes(key));
  if (extra.length > 0) return [`dataframe_split has no key ${extra.join(', ')}: it has data, columns and index.`];
  const { columns } = value;
  if (data.kind !== 'table' || !Array.isArray(columns)) return [];
  const names = columns.map(String);
  const missing = missingColumns(data.columns, names);
  const rows: readonly unknown[] = value['data'];
  const ragged = rows.findIndex((row) => !Array.isArray(row) || row.length !== names.length);
  if (ragged >= 0) return [...missing, `Row ${ragged + 1} is not a list of ${names.length} values.`];
  return [...missing, ...firstOfColumns(data.columns, rows.length, (row, column) => (rows[row] as readonly unknown[])[names.indexOf(String(column.name))])];
};

const checkRecords = (records: readonly unknown[], data: FormShape['data']): readonly string[] => {
  if (!records.every(isRecord)) return ['Each row is an object.'];
  if (data.kind !== 'table' || records.length === 0) return [];
  const missing = missingColumns(data.columns, Object.keys(records[0] ?? {}));
  return [...missing, ...firstOfColumns(data.columns, records.length, (row, { name }) => records[row]?.[String(name)])];
};

const missingColumns = (columns: readonly ColumnField[], names: readonly string[]): readonly string[] => {
  const missing = columns.filter(({ name, isRequired }) => isRequired && name !== undefined && !names.includes(String(name))).map(({ label }) => label);
  return missing.length === 0 ? [] : [`Missing: ${missing.join(', ')}.`];
};

/** The first problem of each column. */
const firstOfColumns = (columns: readonly ColumnField[], count: number, valueAt: (row: number, column: ColumnField) => unknown): readonly string[] =>
  columns.flatMap((column) => {
    for (let row = 0; row < count; row += 1) {
      const value = valueAt(row, column);
      if (value === undefined || (value === null && !column.isRequired)) continue;
      const problem = checkJson(value, column.type);
      if (problem !== undefined) return [`${column.label}, row ${row + 1}: ${problem}`];
    }
    return [];
  });

const checkTensors = (value: unknown, { tensors }: Extract<FormShape['data'], { kind: 'tensors' }>): readonly string[] =>
  tensors.flatMap(({ name, label, tensor }) => {
    const given = name === undefined ? value : isRecord(value) ? value[String(name)] : undefined;
    if (given === undefined) return [`Missing: ${label}.`];
    const parsed = parseTensor(JSON.stringify(given), tensor);
    return 'problem' in parsed ? [`${label}: ${parsed.problem}`] : [];
  });

const checkParams = (given: unknown, { params }: FormShape): readonly string[] => {
  if (given === undefined || given === null) return [];
  if (!isRecord(given)) return ['params is an object.'];
  return params.flatMap(({ name, param }) => {
    const value = given[name];
    if (value === undefined || value === null) return [];
    const problem = checkJson(value, param.isList ? { kind: 'array', items: param.type } : param.type);
    return problem === undefined ? [] : [`The param ${name}: ${problem}`];
  });
};

const checkCsv = (text: string, { data }: FormShape): readonly string[] => {
  const { meta, data: rows } = Papa.parse<Readonly<Record<string, string>>>(text.trim(), { header: true, skipEmptyLines: true });
  const names = meta.fields ?? [];
  if (names.length === 0 || rows.length === 0) return ['CSV has a line with the names of the columns, and at least one row.'];
  return data.kind === 'table' ? missingColumns(data.columns, names) : [];
};
