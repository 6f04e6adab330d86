import { MlflowError } from '../../shared/errors.ts';
import { pythonValue } from '../../shared/python-text.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** MLflow's own form, because old clients and tests look into it. */
export const createPageToken = (offset: number): string => Buffer.from(`{"offset": ${offset}}`).toString('base64');

/** The offset in a token of ours or of MLflow's; 0 without a token. */
export const readPageToken = (token: string | undefined): number => {
  if (token === undefined || token === '') return 0;
  const fields = readTokenFields(token);
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
