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

/** Where a value stands in a request; a text is made of it for an error only. */
interface Place {
  readonly within: Place | undefined;
  readonly name: string | number;
}

const pathOf = (within: Place | undefined, name: string | number): string => {
  const before = within === undefined ? '' : pathOf(within.within, within.name);
  if (typeof name === 'number') return `${before}[${name}]`;
  return before === '' ? name : `${before}.${name}`;
};

/**
 * Reads a JSON object by MLflow's rules for protobuf messages: unknown keys are ignored, null is absent,
 * `experimentId` stands for `experiment_id`, numbers may come as text. MLflow goes on with a half-filled
 * message when only a part can be read; here every value that does not fit its field is refused.
 */
export const parseFields = (fields: Fields, values: Values, within?: Place): Record<string, unknown> => {
  const parsed: Record<string, unknown> = {};
  // A batch has thousands of small messages, mostly in the names of the fields themselves.
  const read = Object.keys(values).every((name) => Object.hasOwn(fields, name)) ? ownValue : valueOf;
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    const value = read(values, name);
    if (field.required === true && (value === undefined || value === '')) throw missingValue(pathOf(within, name));
    if (value !== undefined) parsed[name] = parseValue(field, value, within, name);
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

/** Most values are scalars, and right: only others need a place. */
const parseValue = (field: Field, value: unknown, within: Place | undefined, name: string): unknown => {
  if (field.repeated === true) return parseList(field, value, { within, name });
  const parsed = field.type === 'message' ? parseMessage(field, value, { within, name }) : parseScalar(field, value);
  if (parsed === undefined) throw invalidFieldValue(pathOf(within, name), value);
  return parsed;
};

/** Of an item that does not fit the whole list is told. */
const parseList = (field: Field, list: unknown, place: Place): readonly unknown[] => {
  if (!Array.isArray(list)) throw invalidFieldValue(pathOf(place.within, place.name), list);
  return list.map((item: unknown, index) => {
    const parsed = field.type === 'message' ? parseMessage(field, item, { within: place, name: index }) : parseScalar(field, item);
    if (parsed === undefined) throw invalidFieldValue(pathOf(place.within, place.name), list);
    return parsed;
  });
};

const parseMessage = ({ fields }: MessageField, value: unknown, place: Place): Record<string, unknown> | undefined =>
  isObject(value) ? parseFields(fields, value, place) : undefined;

const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

type MessageField = Extract<Field, { type: 'message' }>;
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
  // The usual ones need no detour; -0 is 0.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
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
