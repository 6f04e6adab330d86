import type { ColumnField, FormShape, ParamField, TensorField } from './fields.ts';
import { listText, objectText } from './json-text.ts';
import { parseParam, parseTensor, parseValue, type Parsed } from './values.ts';

/** What is typed into the form, as texts. */
export interface TypedForm {
  /** Of each row, the text for each column. */
  readonly rows: readonly (readonly string[])[];
  readonly tensors: readonly string[];
  /** By the param's name; those that are not here keep their defaults. */
  readonly params: Readonly<Record<string, string>>;
}

export const emptyForm: TypedForm = { rows: [], tensors: [], params: {} };

/** Where a problem is. */
export type Place =
  | { readonly kind: 'cell'; readonly row: number; readonly column: number }
  | { readonly kind: 'tensor'; readonly index: number }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'request' };

export const placeKey = (place: Place): string => {
  switch (place.kind) {
    case 'cell':
      return `cell ${place.row} ${place.column}`;
    case 'tensor':
      return `tensor ${place.index}`;
    case 'param':
      return `param ${place.name}`;
    default:
      return place.kind;
  }
};

export interface RequestProblem {
  readonly place: Place;
  readonly message: string;
}

/** The data of a request as JSON texts, whatever the format that they are sent in. */
export type RequestData =
  | { readonly kind: 'table'; readonly columns: readonly ColumnField[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'tensors'; readonly tensors: readonly { readonly field: TensorField; readonly json: string }[] };

export interface FormReading {
  readonly data: RequestData;
  /** The JSON of an object, when any param is given. */
  readonly params: string | undefined;
  readonly problems: readonly RequestProblem[];
}

/** What the form holds; undefined where nothing is known of the input. */
export const readForm = ({ data, params }: FormShape, typed: TypedForm): FormReading | undefined => {
  const problems: RequestProblem[] = [];
  const take = (parsed: Parsed, place: Place): string => {
    if ('json' in parsed) return parsed.json;
    problems.push({ place, message: parsed.problem });
    return 'null';
  };
  if (data.kind === 'free') return undefined;
  const read: RequestData = data.kind === 'table' ? readTable(data.columns, typed, take) : readTensors(data.tensors, typed, take);
  if (read.kind === 'table' && (read.rows.length === 0 || read.columns.length === 0))
    problems.push({ place: { kind: 'request' }, message: 'There is nothing to send: add a row with a value' });
  return { data: read, params: readParams(params, typed, take), problems };
};

type Take = (parsed: Parsed, place: Place) => string;

const readTable = (columns: readonly ColumnField[], { rows }: TypedForm, take: Take): RequestData => {
  // An optional column in which nothing is typed is left out: MLflow fills it in.
  const used = columns.map((column, index) => column.isRequired || rows.some((row) => (row[index] ?? '').trim() !== ''));
  const read = rows.map((row, rowIndex) =>
    columns.flatMap((column, index) =>
      used[index] === true
        ? [take(parseValue(row[index] ?? '', column.type, column.isRequired || isAllOrNone(column)), { kind: 'cell', row: rowIndex, column: index })]
        : [],
    ),
  );
  return { kind: 'table', columns: columns.filter((_, index) => used[index] === true), rows: read };
};

/** pandas has no missing whole numbers, takes a missing boolean for false, and MLflow no missing bytes: such a column has a value in every row, or is left out. */
const isAllOrNone = ({ type }: ColumnField): boolean => type.kind === 'scalar' && ['boolean', 'integer', 'long', 'binary'].includes(type.name);

const readTensors = (tensors: readonly TensorField[], typed: TypedForm, take: Take): RequestData => ({
  kind: 'tensors',
  tensors: tensors.map((field, index) => ({ field, json: take(parseTensor(typed.tensors[index] ?? '', field.tensor), { kind: 'tensor', index }) })),
});

const readParams = (params: readonly ParamField[], typed: TypedForm, take: Take): string | undefined => {
  const given = params.flatMap(({ name, param }): readonly (readonly [string, string])[] => {
    const text = Object.hasOwn(typed.params, name) ? typed.params[name] : undefined;
    if (text === undefined || (text.trim() === '' && !isText(param))) return [];
    return [[name, take(parseParam(text, param.type, param.isList), { kind: 'param', name })]];
  });
  return given.length === 0 ? undefined : objectText(given);
};

const isText = ({ type, isList }: ParamField['param']): boolean => !isList && type.kind === 'scalar' && type.name === 'string';

/** A new row: empty, with `false` where there is nothing between. */
export const emptyRow = (columns: readonly ColumnField[]): readonly string[] =>
  columns.map(({ type, isRequired }) => (isRequired && type.kind === 'scalar' && type.name === 'boolean' ? 'false' : ''));

export const rowsText = (rows: readonly (readonly string[])[]): string => listText(rows.map(listText));
