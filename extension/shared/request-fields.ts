import type { Int64 } from '../../schemas/rest-api.ts';
import type { Field, Fields } from './endpoint.ts';
import { MlflowError } from './errors.ts';
import { toInt64 } from './int64.ts';
import { pythonJson, pythonTypeName } from './python-text.ts';

type Values = Readonly<Record<string, unknown>>;

const seeDocs = 'See the API docs for more information about request parameters.';
const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);
const missingValue = (path: string): MlflowError => invalid(`Missing value for required parameter '${path}'. ${seeDocs}`);
export const invalidFieldValue = (path: string, value: unknown): MlflowError =>
  invalid(`Invalid value ${pythonJson(value)} for parameter '${path}' supplied:  Hint: Value was of type '${pythonTypeName(value)}'. ${seeDocs}`);

/**
 * Reads a JSON object by MLflow's rules for protobuf messages: unknown keys are ignored, null is absent,
 * `experimentId` stands for `experiment_id`, numbers may come as text. MLflow goes on with a half-filled
 * message when only a part can be read; here every value that does not fit its field is refused.
 */
export const parseFields = (fields: Fields, values: Values, path = ''): Record<string, unknown> => {
  const parsed: Record<string, unknown> = {};
  // A batch has thousands of small messages, mostly in the names of the fields themselves.
  const read = Object.keys(values).every((name) => Object.hasOwn(fields, name)) ? ownValue : valueOf;
  for (const [name, field] of Object.entries(fields)) {
    const at = path === '' ? name : `${path}.${name}`;
    const value = read(values, name);
    if (field.required === true && (value === undefined || value === '')) throw missingValue(at);
    if (value !== undefined) parsed[name] = parseValue(field, value, at);
    else if (field.repeated === true) parsed[name] = [];
  }
  return parsed;
};

const valueOf = (values: Values, name: string): unknown => {
  const jsonName = name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
  if (jsonName === name) return ownValue(values, name);
  const [value, jsonValue] = [ownValue(values, name), ownValue(values, jsonName)];
  if (value !== undefined && jsonValue !== undefined) {
    throw invalid(`Request specifies both '${name}' and '${jsonName}'; provide only one of them.`);
  }
  return value ?? jsonValue ?? (name === 'run_id' ? ownValue(values, 'run_uuid') : undefined);
};

const ownValue = (values: Values, name: string): unknown => (Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined);

const parseValue = (field: Field, value: unknown, path: string): unknown => {
  if (field.repeated !== true) return parseOne(field, value, path, () => invalidFieldValue(path, value));
  if (!Array.isArray(value)) throw invalidFieldValue(path, value);
  return value.map((item: unknown, index) => parseOne(field, item, `${path}[${index}]`, () => invalidFieldValue(path, value)));
};

const parseOne = (field: Field, value: unknown, path: string, refuse: () => MlflowError): unknown => {
  if (field.type === 'message') {
    if (!isObject(value)) throw refuse();
    return parseFields(field.fields, value, path);
  }
  const parsed = parseScalar(field, value);
  if (parsed === undefined) throw refuse();
  return parsed;
};

const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

type ScalarField = Exclude<Field, { type: 'message' }>;

const parseScalar = (field: ScalarField, value: unknown): unknown => {
  switch (field.type) {
    case 'string':
      return typeof value === 'string' && value.isWellFormed() ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'double':
      return parseDouble(value);
    case 'int64':
      return parseInt64(value);
    case 'count':
      return parseCount(value, field.max);
    case 'enum':
      return parseEnum(field.names, value);
    default:
      return field satisfies never;
  }
};

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** NaN and the infinities come as text, and also what Python's `float()` takes for them. */
const parseDouble = (value: unknown): number | undefined => {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (decimal.test(text)) return Number(text);
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === undefined || value === 'nan') return undefined;
  return (sign === '-' ? -1 : 1) * (/^nan$/i.test(word) ? NaN : Infinity);
};

const parseInt64 = (value: unknown): Int64 | undefined => {
  const exact = parseInteger(value);
  return exact === undefined || exact !== BigInt.asIntN(64, exact) ? undefined : toInt64(exact);
};

/** MLflow takes integers as text, and 1e3 and 1.0 too. */
const parseInteger = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^[+-]?\d{1,30}$/.test(value)) return BigInt(value);
  const number = typeof value === 'string' && decimal.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) return undefined;
  return Number.isSafeInteger(number) || typeof value === 'number' ? BigInt(number) : undefined;
};

/** The largest double below 2^63. */
const largestCount = 9_223_372_036_854_774_784;

const parseCount = (value: unknown, max = Infinity): number | undefined => {
  const integer = parseInt64(value);
  return integer === undefined || integer > max ? undefined : Math.min(Number(integer), largestCount);
};

/** By name, or by number as number or text. */
const parseEnum = (names: Readonly<Record<string, number>>, value: unknown): string | undefined => {
  if (typeof value === 'string' && Object.hasOwn(names, value)) return value;
  const number = parseInt64(value);
  return Object.keys(names).find((name) => names[name] === number);
};
