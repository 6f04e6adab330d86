import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import { callEndpoint, type Endpoint } from '../shared/endpoint.ts';
import { errorMessage } from '../shared/errors.ts';
import { writeJson } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import { describeFailure, jsonHeaders } from './errors.ts';

/** False for what the app answers. */
export type DirectAnswer = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** Bytes that are read at once. */
const largestBody = 4 * 1024 * 1024;

const noQuery = new URLSearchParams();
/** These are short: none of them is given up when its client goes. */
const neverAborted = new AbortController().signal;

/**
 * Answers JSON that is posted to a fixed path, as training runs send it, without the Request and the Response that an app is made of: they cost as much as
 * all else that is done for such a request. What is no such request, or too large, or packed, the app answers.
 */
export const answerDirectly = (endpoints: ReadonlyMap<string, Endpoint>, log: Logger): DirectAnswer => {
  const answer = async (endpoint: Endpoint, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readBody(incoming);
    // Its client is gone, or was answered that it is too slow.
    if (body === undefined || outgoing.headersSent) return;
    const request = { query: noQuery, pathParameters: {}, contentType: incoming.headers['content-type'], body };
    const { status, reply } = await callEndpoint(endpoint, request, neverAborted).then(
      (found) => ({ status: 200, reply: found }),
      (error: unknown) => describeFailure(error, log),
    );
    const text = writeJson(reply);
    outgoing.writeHead(status, { ...jsonHeaders, 'content-length': Buffer.byteLength(text) });
    outgoing.end(text);
  };
  return (incoming, outgoing) => {
    const endpoint = incoming.method === 'POST' ? endpoints.get(incoming.url ?? '') : undefined;
    if (endpoint === undefined || !hasPlainBody(incoming.headers)) return false;
    answer(endpoint, incoming, outgoing).catch((error: unknown) => log.error(errorMessage(error)));
    return true;
  };
};

const hasPlainBody = (headers: IncomingHttpHeaders): boolean =>
  headers['content-encoding'] === undefined && headers['transfer-encoding'] === undefined && Number(headers['content-length']) <= largestBody;

/** Undefined when it breaks off. */
const readBody = (incoming: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => resolve(new TextDecoder().decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
    incoming.once('close', () => resolve(undefined));
    incoming.once('error', () => resolve(undefined));
  });
