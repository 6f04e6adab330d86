import { errorMessage, MlflowError, type ErrorCode } from '../shared/errors.ts';
import { jsonBody } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';

export const jsonHeaders = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };

export const jsonReply = (body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(jsonBody(body), { status, headers: { ...jsonHeaders, ...headers } });

/** MLflow's error body; never any text of the request as HTML. */
export const errorReply = (status: number, code: ErrorCode, message: string, headers?: Readonly<Record<string, string>>): Response =>
  jsonReply(errorBody(code, message), status, headers);

export const failureReply = (error: unknown, log: Logger): Response => {
  const { status, reply } = describeFailure(error, log);
  return jsonReply(reply, status);
};

/** The edge between failures and replies. What is not a failure of ours is told to the log, not to the client. */
export const describeFailure = (error: unknown, log: Logger): { readonly status: number; readonly reply: object } => {
  if (error instanceof MlflowError) return { status: error.httpStatus, reply: errorBody(error.code, error.message) };
  if (error instanceof Error && error.name === 'AbortError') return { status: 499, reply: errorBody('CANCELLED', 'The request was cancelled') };
  log.error(`Internal error: ${error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)}`);
  return { status: 500, reply: errorBody('INTERNAL_ERROR', 'Internal error of the tracking server; its log says more') };
};

const errorBody = (code: ErrorCode, message: string): object => ({ error_code: code, message });
