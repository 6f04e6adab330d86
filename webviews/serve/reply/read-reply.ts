import type { ScoringReply } from '../../../schemas/serve-page.ts';
import { tableOfPredictions, type PredictionTable } from '../../shared/prediction-table.ts';
import { isRecord, parseJson } from '../request/json-text.ts';

/** Why a server refused a request, with the fields that it names. */
export interface ReplyFailure {
  readonly message: string;
  readonly fields: readonly string[];
  /** Python's traceback. */
  readonly trace?: string;
}

export type ReadReply =
  | { readonly kind: 'table'; readonly table: PredictionTable }
  | { readonly kind: 'text' }
  | { readonly kind: 'failure'; readonly failure: ReplyFailure };

export const readReply = (reply: ScoringReply): ReadReply => {
  const value = parseJson(reply.body)?.value;
  if (reply.status >= 400) return { kind: 'failure', failure: readFailure(reply, value) };
  const table = isRecord(value) && 'predictions' in value ? tableOfPredictions(value['predictions']) : undefined;
  return table === undefined ? { kind: 'text' } : { kind: 'table', table };
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
