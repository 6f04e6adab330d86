import { errorMessage, MlflowError } from './errors.ts';
import { parseJson } from './json.ts';

const maxDepth = 64;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const unsupported = (message: string): MlflowError => new MlflowError('UNSUPPORTED_MEDIA_TYPE', message);

/** Bodies are read only when they say that they are JSON: what any page may send without asking is something else. MLflow's words, with HTTP's own status. */
export const checkContentType = (contentType: string | undefined): void => {
  if (contentType === 'application/json') return;
  if (contentType === undefined) throw unsupported('Bad Request. Content-Type header is missing.');
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') throw unsupported("Bad Request. Content-Type must be one of ['application/json'].");
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw unsupported(`Bad Request. The body must be UTF-8, not ${charset}.`);
};

/** The JSON object of a body; an empty body is `{}`. Old clients send JSON twice encoded, as a string. */
export const readJsonObject = (body: string): Readonly<Record<string, unknown>> => {
  if (body.trim() === '') return {};
  const value = parseStrictly(body);
  const object = typeof value === 'string' ? parseStrictly(value) : value;
  if (object === null) return {};
  if (typeof object !== 'object' || Array.isArray(object)) throw invalid('The request body must be a JSON object.');
  return object as Record<string, unknown>;
};

const parseStrictly = (text: string): unknown => {
  const { depth, members } = measure(text);
  if (depth > maxDepth) throw invalid(`The request body is nested more than ${maxDepth} levels deep.`);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw invalid(`The request body is not valid JSON: ${errorMessage(error)}`);
  }
  if (countMembers(value) !== members) throw invalid('The request body has an object with the same key twice.');
  return value;
};

/** Nesting depth, and number of colons outside strings: one for each member of an object as it was written. */
const measure = (text: string): { readonly depth: number; readonly members: number } => {
  let open = 0;
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === colon) members += 1;
    else if (code === openBrace || code === openBracket) depth = Math.max(depth, (open += 1));
    else if (code === closeBrace || code === closeBracket) open -= 1;
  }
  return { depth, members };
};

/** Codes of characters: to take each as a text costs as much as to parse it. */
const [quote, colon, backslash] = [0x22, 0x3a, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at;
  }
  return text.length;
};

const countMembers = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const isList = Array.isArray(value);
  const children: readonly unknown[] = isList ? value : Object.values(value);
  let count = isList ? 0 : children.length;
  for (const child of children) if (typeof child === 'object') count += countMembers(child);
  return count;
};
