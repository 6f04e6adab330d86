import type { Int64 } from '../../../schemas/rest-api.ts';
import { MlflowError } from '../../shared/errors.ts';
import { toInt64 } from '../../shared/int64.ts';
import { pythonValue } from '../../shared/python-text.ts';
import type { Operand } from './parts.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** The part before the first point, and the rest; without a point the whole is the key. */
export const splitIdentifier = (text: string): { readonly entity?: string; readonly key: string } => {
  const point = text.indexOf('.');
  return point < 0 ? { key: text } : { entity: text.slice(0, point), key: text.slice(point + 1) };
};

const isWrapped = (text: string, quote: string): boolean => text.length >= 2 && text.startsWith(quote) && text.endsWith(quote);

/** Takes off the outer quotes only: MLflow's search language has no escapes. */
export const trimQuotes = (text: string, ...quotes: readonly string[]): string => (quotes.some((quote) => isWrapped(text, quote)) ? text.slice(1, -1) : text);

/** `` `a b` ``, `"a b"` and `'a b'` as keys. */
export const readKey = (text: string): string => trimQuotes(trimQuotes(text, "'", '"'), '`');

export const isQuotable = (operand: Operand): boolean => operand.kind === 'string' || operand.kind === 'identifier';
export const isNumber = (operand: Operand): boolean => operand.kind === 'integer' || operand.kind === 'float';

/** The number to compare with a column of 64-bit integers. */
export const readInteger = ({ kind, text }: Operand): Int64 => {
  const exact = kind === 'integer' ? BigInt(text) : undefined;
  return exact === undefined || exact !== BigInt.asIntN(64, exact) ? Number(text) : toInt64(exact);
};

export const readQuoted = (text: string): string => {
  if (isWrapped(text, "'") || isWrapped(text, '"')) return text.slice(1, -1);
  throw invalid(`Parameter value is either not quoted or unidentified quote types used for string value ${text}. Use either single or double quotes.`);
};

const parsingList = 'While parsing a list in the query,';

/** `('a', "b")`: here, and only here, strings are Python's: with its escapes, and neighbours are joined. */
export const readList = (text: string): readonly string[] => {
  const items = readTuple(text.slice(1, -1).trim());
  const strings = items.filter((item) => typeof item === 'string');
  if (items.length === 0) throw invalid(`${parsingList} expected a non-empty list of string values, but got empty list`);
  if (strings.length === items.length) return strings;
  const tuple = `(${items.map(pythonValue).join(', ')}${items.length === 1 ? ',' : ''})`;
  throw invalid(`${parsingList} expected string value, punctuation, or whitespace, but got different type in list: ${tuple}`);
};

const readTuple = (inner: string): readonly (string | number)[] => {
  const items: (string | number)[] = [];
  const item = /\s*(?:'((?:\\[\s\S]|[^'\\\n])*)'|"((?:\\[\s\S]|[^"\\\n])*)"|(-?\d+(?:\.\d+)?))\s*(,?)/y;
  for (let joins = false; item.lastIndex < inner.length;) {
    const [whole, single, double, number, comma] = item.exec(inner) ?? [];
    const previous = joins ? items.pop() : '';
    if (whole === undefined || typeof previous !== 'string')
      throw invalid(`${parsingList} expected a non-empty list of string values, but got ill-formed list.`);
    items.push(number === undefined ? previous + unescapePython(single ?? double ?? '') : Number(number));
    joins = comma === '';
  }
  return items;
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' };

const unescapePython = (text: string): string =>
  text.replaceAll(/\\(?:x([\da-f]{2})|u([\da-f]{4})|([\s\S]))/gi, (whole, hex?: string, unicode?: string, other?: string) =>
    other === undefined ? String.fromCharCode(Number.parseInt(hex ?? unicode ?? '', 16)) : (escapes[other] ?? whole),
  );
