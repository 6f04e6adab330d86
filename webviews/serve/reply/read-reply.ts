import type { ScoringReply } from '../../../schemas/serve-page.ts';
import { formatNumber } from '../../../schemas/format.ts';
import { isRecord, parseJson } from '../request/json-text.ts';

export interface ReplyTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReplyCell[])[];
}

export interface ReplyCell {
  readonly text: string;
  /** The number as the server wrote it, where `text` is shorter. */
  readonly title?: string;
}

/** Why a server refused a request, with the fields that it names. */
export interface ReplyFailure {
  readonly message: string;
  readonly fields: readonly string[];
  /** Python's traceback. */
  readonly trace?: string;
}

export type ReadReply =
  | { readonly kind: 'table'; readonly table: ReplyTable }
  | { readonly kind: 'text' }
  | { readonly kind: 'failure'; readonly failure: ReplyFailure };

export const readReply = (reply: ScoringReply): ReadReply => {
  const value = parseJson(reply.body)?.value;
  if (reply.status >= 400) return { kind: 'failure', failure: readFailure(reply, value) };
  const table = isRecord(value) && 'predictions' in value ? toTable(value['predictions']) : undefined;
  return table === undefined ? { kind: 'text' } : { kind: 'table', table };
};

/** A list of rows, of numbers, or of lists; undefined for everything else. */
const toTable = (predictions: unknown): ReplyTable | undefined => {
  if (!Array.isArray(predictions) || predictions.length === 0) return undefined;
  const rows: readonly unknown[] = predictions;
  if (rows.every(isRecord)) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return { columns, rows: rows.map((row) => columns.map((column) => cellOf(row[column]))) };
  }
  if (rows.every((row) => Array.isArray(row))) {
    const width = Math.max(...rows.map((row) => row.length));
    if (width > 200) return undefined;
    const columns = Array.from({ length: width }, (_, index) => String(index));
    return { columns, rows: rows.map((row) => columns.map((_, index) => cellOf(row[index]))) };
  }
  return rows.some((row) => typeof row === 'object' && row !== null) ? undefined : { columns: ['prediction'], rows: rows.map((row) => [cellOf(row)]) };
};

/** Whole numbers may be ids or classes: they are never shortened. */
const cellOf = (value: unknown): ReplyCell => {
  if (value === undefined) return { text: '' };
  if (typeof value === 'string') return { text: value };
  const whole = JSON.stringify(value);
  const text = typeof value === 'number' && !Number.isInteger(value) ? formatNumber(value) : whole;
  return text === whole ? { text } : { text, title: whole };
};

const readFailure = ({ status, body }: ScoringReply, value: unknown): ReplyFailure => {
  const said = isRecord(value) && typeof value['message'] === 'string' ? value['message'] : body.trim();
  const trace = isRecord(value) && typeof value['stack_trace'] === 'string' ? { trace: value['stack_trace'] } : {};
  if (status === 504) return { message: 'The model took longer than the server waits for a prediction.', fields: [], ...trace };
  return { message: shorten(said) || `The server answered ${status} and nothing else.`, fields: fieldsIn(said), ...trace };
};

/** MLflow repeats the whole data and the whole schema before it says what is wrong. */
const shorten = (message: string): string => {
  const [, cause] = /Failed to enforce schema of data [^]*?Error: ([^]*)$/.exec(message) ?? [];
  return (cause ?? message).replace(/^Invalid input\. /, '').trim();
};

/** Names of columns and params that a message of MLflow's is about. */
const fieldsIn = (message: string): readonly string[] => {
  const missing = /missing inputs \[([^\]]*)\]/.exec(message)?.[1] ?? '';
  const listed = [...missing.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '');
  const named = [
    /Failed to convert column (\S+) to type/,
    /Incompatible input types for column (\S+?)\./,
    /Invalid parameters found: \{?\(?'([^']+)'/,
    /[Pp]aram(?:eter)? '([^']+)'/,
  ].flatMap((pattern) => pattern.exec(message)?.[1] ?? []);
  return [...new Set([...listed, ...named])];
};
