import { createHash } from 'node:crypto';

import { MlflowError } from '../../shared/errors.ts';
import { pythonValue } from '../../shared/python-text.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export type Searched = 'runs' | 'experiments' | 'points' | 'models' | 'versions';

interface PagedSearch {
  readonly maxResults?: number;
  readonly pageToken?: string;
}

interface Pages {
  /** Where the page begins that is asked for. */
  readonly offset: number;
  /** Of the page that begins there. */
  readonly tokenFor: (offset: number) => string;
}

/** A token goes on with the search that it was given for, in pages of any size, and with no other. */
export const pagesOf = (what: Searched, search: PagedSearch): Pages => ({
  offset: readPageToken(search.pageToken, () => markOf(what, search)),
  tokenFor: (offset) => createPageToken(offset, markOf(what, search)),
});

const markOf = (what: Searched, search: PagedSearch): string => {
  const said = Object.entries(search).filter(([name, value]) => name !== 'maxResults' && name !== 'pageToken' && !isEmpty(value));
  return createHash('sha256')
    .update(JSON.stringify([what, said.toSorted()]))
    .digest('base64url')
    .slice(0, 16);
};

const isEmpty = (value: unknown): boolean => value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** MLflow's own form, because old clients and tests look into it, and the mark of the search beside it. */
const createPageToken = (offset: number, mark: string): string => Buffer.from(`{"offset": ${offset}, "search": "${mark}"}`).toString('base64');

const readPageToken = (token: string | undefined, mark: () => string): number => {
  if (token === undefined || token === '') return 0;
  const fields = readTokenFields(token);
  const offset = readOffset(fields);
  if (fields['search'] !== mark()) throw invalid('Invalid page token: it was not given for this search');
  return offset;
};

const readOffset = (fields: Readonly<Record<string, unknown>>): number => {
  const { offset } = fields;
  if (typeof offset === 'string' && offset !== '' && !/^\d+$/.test(offset)) throw invalid(`Invalid page token, not stringable ${offset}`);
  const number = typeof offset === 'string' ? Number(offset) : offset;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) throw invalid(`Invalid page token, parsed value=${pythonValue(fields)}`);
  return number;
};

export const readTokenFields = (token: string): Readonly<Record<string, unknown>> => {
  const text = decode(token);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, for what is not JSON and for what is no object alike.
  }
  throw invalid(`Invalid page token, decoded value=b'${text}'`);
};

/** Python's base64 skips what is no letter of its alphabet, and minds the padding of the rest. */
const decode = (token: string): string => {
  const letters = token.replaceAll(/[^A-Za-z0-9+/=]/g, '');
  if (letters.replaceAll('=', '').length % 4 === 1 || letters.length % 4 !== 0) throw invalid('Invalid page token, could not base64-decode');
  return Buffer.from(letters, 'base64').toString();
};
