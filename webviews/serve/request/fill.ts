import type { DataType } from '../../../schemas/model-signature.ts';
import type { ColumnField, FormShape, TensorField } from './fields.ts';
import type { FileRows } from './file-rows.ts';
import { emptyForm, emptyRow, type TypedForm } from './form.ts';
import { parseJson, splitJson } from './json-text.ts';
import { compact, toTyped } from './values.ts';

/** A form with one empty row. */
export const blankForm = ({ data }: FormShape): TypedForm => ({
  ...emptyForm,
  rows: data.kind === 'table' ? [emptyRow(data.columns)] : [],
  tensors: data.kind === 'tensors' ? data.tensors.map(() => '') : [],
});

/** Rows of an example that a form takes over; the whole of a large one is in the raw request. */
export const mostRows = 20;

/** What an example or a raw request says, as it would be typed; undefined where it does not fit the form. */
export const fillForm = (shape: FormShape, body: string): TypedForm | undefined => {
  if (parseJson(body) === undefined) return undefined;
  const members = new Map((splitJson(body) ?? []).map(({ key, text }) => [key ?? '', text]));
  const params = typedParams(shape, members.get('params'));
  const { data } = shape;
  if (data.kind === 'tensors') {
    const tensors = typedTensors(data.tensors, members.get('inputs') ?? members.get('instances'));
    return tensors && { ...emptyForm, tensors, params };
  }
  const rows = data.kind === 'table' ? typedRows(data.columns, members, shape.isFromTypeHints) : undefined;
  return rows === undefined || rows.length === 0 ? undefined : { ...emptyForm, rows: rows.slice(0, mostRows), params };
};

const typedParams = ({ params }: FormShape, text: string | undefined): Readonly<Record<string, string>> => {
  const given = new Map((splitJson(text ?? '{}') ?? []).map(({ key, text: value }) => [key ?? '', value]));
  return Object.fromEntries(
    params.flatMap(({ name, param }) => {
      const json = given.get(name);
      return json === undefined ? [] : [[name, param.isList ? compact(json) : toTyped(json, param.type)] as const];
    }),
  );
};

const typedTensors = (tensors: readonly TensorField[], text: string | undefined): readonly string[] | undefined => {
  if (text === undefined) return undefined;
  const [first] = tensors;
  if (tensors.length === 1 && first?.name === undefined) return [compact(text)];
  const given = new Map((splitJson(text) ?? []).map(({ key, text: value }) => [key, value]));
  return tensors.map(({ name }) => compact(given.get(String(name)) ?? ''));
};

const typedRows = (
  columns: readonly ColumnField[],
  members: ReadonlyMap<string, string>,
  isFromTypeHints: boolean,
): readonly (readonly string[])[] | undefined => {
  const [split, records, instances, inputs] = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'].map((key) => members.get(key));
  if (split !== undefined) return rowsOfSplit(columns, split);
  const list = records ?? instances;
  if (list !== undefined) return splitJson(list)?.map(({ text }) => rowOfRecord(columns, text));
  if (inputs === undefined) return undefined;
  if (isFromTypeHints) return splitJson(inputs)?.map(({ text }) => columns.map(({ type }) => toTyped(text, type)));
  return inputs.trim().startsWith('{') ? rowsOfColumns(columns, inputs) : splitJson(inputs)?.map(({ text }) => rowOfRecord(columns, text));
};

const rowsOfSplit = (columns: readonly ColumnField[], text: string): readonly (readonly string[])[] | undefined => {
  const members = new Map((splitJson(text) ?? []).map(({ key, text: value }) => [key, value]));
  const names = splitJson(members.get('columns') ?? '')?.map(({ text: name }) => String(JSON.parse(name)));
  return splitJson(members.get('data') ?? '')?.map(({ text: row }) => {
    const cells = splitJson(row) ?? [];
    return columns.map(({ name, type }, index) => {
      const at = names === undefined || name === undefined ? index : names.indexOf(String(name));
      return toTyped(cells[at]?.text ?? 'null', type);
    });
  });
};

const rowOfRecord = (columns: readonly ColumnField[], text: string): readonly string[] => {
  const cells = splitJson(text) ?? [];
  return columns.map(({ name, type }, index) => {
    const cell = text.trim().startsWith('{') ? cells.find(({ key }) => key === String(name)) : cells[index];
    return toTyped(cell?.text ?? 'null', type);
  });
};

const rowsOfColumns = (columns: readonly ColumnField[], text: string): readonly (readonly string[])[] => {
  const lists = new Map((splitJson(text) ?? []).map(({ key, text: list }) => [key, splitJson(list) ?? []]));
  const length = Math.max(0, ...[...lists.values()].map((list) => list.length));
  return Array.from({ length }, (_, row) => columns.map(({ name, type }) => toTyped(lists.get(String(name))?.[row]?.text ?? 'null', type)));
};

/** Rows of a file for the columns that it has; undefined when it has none of them. */
export const rowsForColumns = (columns: readonly ColumnField[], { columns: names, rows }: FileRows): readonly (readonly string[])[] | undefined => {
  const places = columns.map(({ label }) => names.indexOf(label));
  if (places.every((place) => place < 0)) return undefined;
  return rows.map((row) => columns.map(({ type }, index) => typedCell(row[places[index] ?? -1] ?? '', type)));
};

/** Parquet's moments have a zone even where pandas has none, which is what models are trained on. */
const typedCell = (text: string, type: DataType): string =>
  type.kind === 'scalar' && type.name === 'datetime'
    ? text.replace(/^(\d{4}-\d\d-\d\dT[\d:]+)(\.\d+)?Z$/, (_, plain: string, part = '') => plain + (/[1-9]/.test(part) ? part : ''))
    : text;
