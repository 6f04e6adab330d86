import { setTimeout as delay } from 'node:timers/promises';

import { errorMessage, MlflowError, type ErrorCode } from './errors.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { Logger } from './logger.ts';

export interface Persistence {
  readonly log: Logger;
  /** False while the server is known to be away: then each request is tried once. */
  readonly mayRepeat?: () => boolean;
  /** Attempts in all. */
  readonly attempts?: number;
  /** ms; the n-th pause is a random part of `firstPause · 2ⁿ`, so that clients do not come back together. */
  readonly firstPause?: number;
}

/** ms; who is asked to wait longer is told so at once. */
const longestPause = 10_000;
/** ms after which no further attempt begins. */
const patience = 30_000;

/** What a server says in passing. Another failure would be the same again. */
const passing: ReadonlySet<ErrorCode> = new Set(['TEMPORARILY_UNAVAILABLE', 'REQUEST_LIMIT_EXCEEDED', 'INTERNAL_ERROR']);

/** Sends again what only reads, when a server or the way to it fails in passing. A write is sent once: whether it was done may not be known. */
export const persistentClient = (client: HttpClient, persistence: Persistence): HttpClient => ({
  json: (request) => persist(request, () => client.json(request), persistence),
  bytes: (request) => persist(request, () => client.bytes(request), persistence),
  stream: (request) => persist(request, () => client.stream(request), persistence),
});

const persist = async <Reply>(request: HttpRequest, send: () => Promise<Reply>, persistence: Persistence): Promise<Reply> => {
  const { attempts = 4, mayRepeat = () => true, log } = persistence;
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!isRead(request)) throw withoutOutcome(error);
      const pause = pauseAfter(error, attempt, persistence);
      const isOver = attempt >= attempts || !mayRepeat() || performance.now() - began + (pause ?? 0) > patience;
      if (pause === undefined || isOver) throw error;
      log.debug(`${request.method} ${request.path} again in ${Math.round(pause)} ms: ${errorMessage(error)}`);
      await delay(pause, undefined, request.signal === undefined ? {} : { signal: request.signal });
    }
  }
};

const isRead = ({ method, isRead: onlyReads }: HttpRequest): boolean => method === 'GET' || onlyReads === true;

/** ms; undefined where trying again would not help. */
const pauseAfter = (error: unknown, attempt: number, { firstPause = 500 }: Persistence): number | undefined => {
  if (!(error instanceof MlflowError) || !passing.has(error.code)) return undefined;
  if (error.retryAfter !== undefined) return error.retryAfter <= longestPause ? error.retryAfter : undefined;
  return Math.random() * Math.min(longestPause, firstPause * 2 ** (attempt - 1));
};

/** Of a write whose answer never came nobody knows what became of it, unless it was never sent. */
const withoutOutcome = (error: unknown): unknown => {
  if (!(error instanceof MlflowError) || error.code !== 'TEMPORARILY_UNAVAILABLE' || neverSent.has(codeOfCause(error))) return error;
  return new MlflowError(error.code, `${error.message}. Whether it was done is not known: refresh before you try again`, { cause: error });
};

const neverSent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const codeOfCause = ({ cause }: Error): string => {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : codeOfCause(cause);
};
