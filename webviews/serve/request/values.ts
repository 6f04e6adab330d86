import type { DataType, ScalarType, Tensor } from '../../../schemas/model-signature.ts';
import { isRecord, listText, parseJson, splitJson } from './json-text.ts';

/** What a typed text stands for: JSON, or why it cannot be sent. */
export type Parsed = { readonly json: string } | { readonly problem: string };

const wrong = (problem: string): Parsed => ({ problem });

/** Empty counts as no value where none is needed, and as an empty text for a text. */
export const parseValue = (text: string, type: DataType, isRequired: boolean): Parsed => {
  if (text.trim() === '') return parseEmpty(text, type, isRequired);
  if (type.kind === 'scalar') return parseScalar(text, type.name);
  const parsed = parseJson(text);
  if (parsed === undefined) return wrong(type.kind === 'any' ? 'This is no JSON: put texts in double quotes' : `A value of ${exampleOf(type)}, as JSON`);
  const problem = checkJson(parsed.value, type);
  return problem === undefined ? { json: text.trim() } : wrong(problem);
};

const parseEmpty = (text: string, type: DataType, isRequired: boolean): Parsed => {
  if (!isRequired) return { json: 'null' };
  if (type.kind === 'scalar' && type.name === 'string') return { json: JSON.stringify(text) };
  return wrong('A value is needed');
};

const parseScalar = (text: string, type: ScalarType): Parsed => {
  const trimmed = text.trim();
  switch (type) {
    case 'boolean':
      return trimmed === 'true' || trimmed === 'false' ? { json: trimmed } : wrong('true or false');
    case 'integer':
      return parseInteger(trimmed, 31n);
    case 'long':
      return parseInteger(trimmed, 63n);
    case 'float':
    case 'double':
      return parseNumber(trimmed);
    case 'binary':
      return isBase64(trimmed) ? { json: JSON.stringify(trimmed) } : wrong('Bytes are written in base64');
    case 'datetime':
      return isDateTime(trimmed) ? { json: JSON.stringify(wholeDateTime(trimmed)) } : wrong('A date such as 2026-01-31 or 2026-01-31T12:30:00');
    case 'string':
      return { json: JSON.stringify(text) };
    default:
      return type satisfies never;
  }
};

const parseInteger = (text: string, bits: bigint): Parsed => {
  if (!/^[+-]?\d+$/.test(text)) return wrong(isNumber(text) ? 'A whole number: MLflow would cut off what is behind the point' : 'A whole number');
  const value = BigInt(text.replace('+', ''));
  const limit = 1n << bits;
  return value >= -limit && value < limit ? { json: value.toString() } : wrong(`Too large: it is kept in ${bits + 1n} bits`);
};

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

const parseNumber = (text: string): Parsed => {
  if (!isNumber(text)) return wrong('A number');
  const value = Number(text);
  return Number.isFinite(value) ? { json: String(value) } : wrong('Too large for a number');
};

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(text);

const isDateTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)));

/** pandas reads a column of dates only when all are written alike. */
const wholeDateTime = (text: string): string => {
  const [, date = '', time = '00:00', seconds = ':00', fraction = '', zone = ''] = /^(.{10})(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(.*))?$/.exec(text) ?? [];
  return `${date}T${time}${seconds}.${fraction.padEnd(9, '0')}${zone}`;
};

const exampleOf = (type: DataType): string => {
  if (type.kind === 'array' || type.kind === 'sparkml_vector') return 'a list such as [1, 2]';
  return 'an object such as {"key": 1}';
};

/** Why a JSON value is none of that type; undefined when it is. */
export const checkJson = (value: unknown, type: DataType): string | undefined => {
  switch (type.kind) {
    case 'any':
      return undefined;
    case 'scalar':
      return checkScalar(value, type.name);
    case 'sparkml_vector':
      return checkList(value, { kind: 'scalar', name: 'double' });
    case 'array':
      return checkList(value, type.items);
    case 'map':
      return isRecord(value)
        ? firstProblem(Object.entries(value).map(([key, inner]) => ({ at: key, problem: checkJson(inner, type.values) })))
        : 'An object is needed';
    case 'object':
      return checkObject(value, type);
    default:
      return type satisfies never;
  }
};

const checkScalar = (value: unknown, type: ScalarType): string | undefined => {
  if (value === null) return `null is no ${type}`;
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'true or false is needed';
  if (type === 'string') return typeof value === 'string' ? undefined : 'a text in double quotes is needed';
  if (type === 'binary' || type === 'datetime') {
    if (typeof value !== 'string') return `a ${type} is written as a text`;
  } else if (typeof value !== 'number') return `a number is needed for ${type}`;
  const parsed = parseScalar(String(value), type);
  return 'problem' in parsed && (typeof value === 'string' || Number.isSafeInteger(value) || !Number.isInteger(value)) ? parsed.problem : undefined;
};

const checkList = (value: unknown, items: DataType): string | undefined =>
  Array.isArray(value) ? firstProblem(value.map((item: unknown, index) => ({ at: String(index), problem: checkJson(item, items) }))) : 'A list is needed';

const checkObject = (value: unknown, { properties }: Extract<DataType, { kind: 'object' }>): string | undefined => {
  if (!isRecord(value)) return 'An object is needed';
  const unknown = Object.keys(value).find((key) => !properties.some(({ name }) => name === key));
  if (unknown !== undefined) return `'${unknown}' is no property: there are ${properties.map(({ name }) => name).join(', ')}`;
  return firstProblem(
    properties.map(({ name, type, isRequired }) => {
      if (value[name] === undefined || value[name] === null) return { at: name, problem: isRequired ? 'a value is needed' : undefined };
      return { at: name, problem: checkJson(value[name], type) };
    }),
  );
};

const firstProblem = (results: readonly { readonly at: string; readonly problem: string | undefined }[]): string | undefined => {
  const found = results.find(({ problem }) => problem !== undefined);
  return found && `${found.at}: ${found.problem}`;
};

/** The value of a param; a list is typed as JSON. */
export const parseParam = (text: string, type: DataType, isList: boolean): Parsed => {
  const parsed = parseValue(text, type, true);
  // Of a single date Python's own reader takes no more than six digits behind the seconds.
  if (!isList && 'json' in parsed && type.kind === 'scalar' && type.name === 'datetime') return { json: JSON.stringify(text.trim()) };
  if (!isList) return parsed;
  const listType: DataType = { kind: 'array', items: type };
  return parseValue(text, listType, true);
};

/** A tensor as JSON of the declared shape and type. */
export const parseTensor = (text: string, { dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>): Parsed => {
  if (text.trim() === '') return wrong('A value is needed');
  const parsed = parseJson(text);
  if (parsed === undefined) return wrong('Lists of numbers, as JSON');
  const found = shapeOfJson(parsed.value);
  if (found === undefined) return wrong('The lists are of different lengths');
  const fits = found.length === shape.length && found.every((length, axis) => shape[axis] === -1 || shape[axis] === length);
  if (!fits) return wrong(`The shape is [${found.join(', ')}], and [${shape.join(', ')}] is needed (-1 is any length)`);
  const problem = checkElements(parsed.value, dtype);
  return problem === undefined ? { json: text.trim() } : wrong(problem);
};

/** Undefined for ragged lists. */
const shapeOfJson = (value: unknown): readonly number[] | undefined => {
  if (!Array.isArray(value)) return [];
  if (value.length === 0) return [0];
  const shapes = value.map(shapeOfJson);
  const [first] = shapes;
  const isRegular =
    first !== undefined && shapes.every((shape) => shape !== undefined && shape.length === first.length && shape.every((n, axis) => n === first[axis]));
  return isRegular ? [value.length, ...first] : undefined;
};

const checkElements = (value: unknown, dtype: string): string | undefined => {
  if (Array.isArray(value)) return value.map((item: unknown) => checkElements(item, dtype)).find((problem) => problem !== undefined);
  if (dtype.startsWith('bool')) return typeof value === 'boolean' ? undefined : `true or false is needed for ${dtype}`;
  if (/^(str|object|bytes|datetime)/.test(dtype)) return undefined;
  if (typeof value !== 'number') return `a number is needed for ${dtype}`;
  return /^u?int/.test(dtype) && !Number.isInteger(value) ? `a whole number is needed for ${dtype}` : undefined;
};

/** JSON back to what would be typed for it. */
export const toTyped = (json: string, type: DataType): string => {
  const text = json.trim();
  if (text === 'null') return '';
  const parsed = parseJson(text);
  if (type.kind === 'scalar' && typeof parsed?.value === 'string') return type.name === 'datetime' ? shortDateTime(parsed.value) : parsed.value;
  return type.kind === 'scalar' ? text : compact(text);
};

/** Without what is nought behind the seconds. */
const shortDateTime = (text: string): string =>
  text.replace(/(:\d\d)(\.\d*?)0+(?=$|[Z+-])/, (_, seconds: string, fraction: string) => seconds + (fraction === '.' ? '' : fraction));

/** In one line, whatever it was written in. */
export const compact = (text: string): string => {
  const parts = splitJson(text);
  if (parts === undefined) return text.trim();
  if (!text.trim().startsWith('{')) return listText(parts.map((part) => compact(part.text)));
  return `{${parts.map((part) => `${JSON.stringify(part.key)}: ${compact(part.text)}`).join(', ')}}`;
};
