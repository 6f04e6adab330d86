import { errorMessage, MlflowError, type ErrorCode } from '../shared/errors.ts';
import { writeJson } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';

const safeHeaders = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };

export const jsonReply = (body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(writeJson(body), { status, headers: { ...safeHeaders, ...headers } });

/** MLflow's error body; never any text of the request as HTML. */
export const errorReply = (status: number, code: ErrorCode, message: string, headers?: Readonly<Record<string, string>>): Response =>
  jsonReply({ error_code: code, message }, status, headers);

/** The edge between failures and replies. What is not a failure of ours is told to the log, not to the client. */
export const failureReply = (error: unknown, log: Logger): Response => {
  if (error instanceof MlflowError) return errorReply(error.httpStatus, error.code, error.message);
  if (error instanceof Error && error.name === 'AbortError') return errorReply(499, 'CANCELLED', 'The request was cancelled');
  log.error(`Internal error: ${error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)}`);
  return errorReply(500, 'INTERNAL_ERROR', 'Internal error of the tracking server; its log says more');
};
