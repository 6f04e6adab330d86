import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { findDirectAnswer, type DirectAnswers, type DirectReply } from './direct-answers.ts';

/** False for what the app answers. */
export type AnswerDirectly = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** Bytes that are read at once. */
const largestBody = 4 * 1024 * 1024;

const decoder = new TextDecoder();

/**
 * Answers what is asked at a fixed path, as training runs and charts do, without the Request and the Response that an app is made of: they cost as much as
 * all else that is done for such a request. What is no such request, or too large, or packed, the app answers. `root` is the path before these.
 */
export const answerDirectly =
  (answers: DirectAnswers, root: string, log: Logger): AnswerDirectly =>
  (incoming, outgoing) => {
    const { method = '', url = '' } = incoming;
    const answer = findDirectAnswer(answers, method, url);
    if (answer === undefined) return false;
    const isRead = method === 'GET';
    if (isRead ? hasBody(incoming.headers) : !hasPlainBody(incoming.headers)) return false;
    const reply = (body: string): void => {
      if (outgoing.headersSent) return;
      const signal = answer.isLong ? goneWith(outgoing) : neverAborted;
      answer
        .reply({ method, target: url.slice(root.length), contentType: incoming.headers['content-type'], body }, signal)
        .then((found) => send(outgoing, found))
        .catch((error: unknown) => log.error(errorMessage(error)));
    };
    if (isRead) reply('');
    else readBody(incoming, reply);
    return true;
  };

const neverAborted = new AbortController().signal;

/** Told when the client has gone before it had its answer. */
const goneWith = (outgoing: ServerResponse): AbortSignal => {
  const abort = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) abort.abort();
  });
  return abort.signal;
};

const hasBody = (headers: IncomingHttpHeaders): boolean => Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

const hasPlainBody = (headers: IncomingHttpHeaders): boolean =>
  headers['content-encoding'] === undefined && headers['transfer-encoding'] === undefined && Number(headers['content-length']) <= largestBody;

/** What breaks off is not told. */
const readBody = (incoming: IncomingMessage, onBody: (body: string) => void): void => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => onBody(decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
  // Its client is gone, or was answered that it is too slow.
  incoming.on('error', () => {});
};

/** In the form that Node takes most quickly: names and values in turns. */
const send = (outgoing: ServerResponse, { status, contentType, body }: DirectReply): void => {
  const isText = typeof body === 'string';
  const length = String(isText ? Buffer.byteLength(body) : body.byteLength);
  outgoing.writeHead(status, ['content-type', contentType, 'x-content-type-options', 'nosniff', 'content-length', length]);
  outgoing.end(isText ? body : Buffer.from(body));
};
