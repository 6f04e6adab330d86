import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

import type { ScoringReply, ScoringRequest } from '../../schemas/serve-page.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';

/** Bytes of a reply that are read; a model can answer with more than a page can show. */
const largestReply = 8 * 1024 * 1024;
/** Bytes of a request. */
const largestRequest = 50 * 1024 * 1024;
/** ms until a sign of life of a server that is starting. */
const pingTimeout = 2_000;

/** A client of one scoring server on this machine. */
export interface ScoringClient {
  /** Whether the model is loaded. */
  ping(): Promise<boolean>;
  /** Replies of any status are results. Thrown when there is none. */
  score(asked: ScoringRequest, signal?: AbortSignal): Promise<ScoringReply>;
  dispose(): void;
}

/** By sockets of its own: neither the editor's proxies nor its certificates have a part in a connection to this machine. */
export const createScoringClient = (port: number): ScoringClient => {
  const agent = new Agent({ keepAlive: true });
  const place = { host: '127.0.0.1', port, agent };
  return {
    ping: async () => await ping(place),
    score: async (asked, signal) => await score(place, asked, signal),
    dispose: () => agent.destroy(),
  };
};

interface Place {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
}

const ping = async (place: Place): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const asked = request({ ...place, path: '/ping', timeout: pingTimeout }, (reply) => {
    reply.resume();
    resolve(reply.statusCode === 200);
  });
  asked.once('error', () => resolve(false));
  asked.once('timeout', () => asked.destroy());
  asked.end();
  return await promise;
};

const score = async (place: Place, { contentType, body }: ScoringRequest, signal: AbortSignal | undefined): Promise<ScoringReply> => {
  const size = Buffer.byteLength(body);
  if (size > largestRequest) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `The request is larger than ${largestRequest / 1024 / 1024} MB: use Predict on a File… for so much.`);
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { 'content-type': contentType, 'content-length': size };
  const begin = performance.now();
  const outgoing = request({ ...place, method: 'POST', path: '/invocations', headers, ...(signal && { signal }) }, resolve);
  outgoing.once('error', reject).end(body);
  try {
    const reply = await promise;
    const read = await readReply(reply);
    return { status: reply.statusCode ?? 0, contentType: reply.headers['content-type'] ?? '', ...read, latency: performance.now() - begin };
  } catch (error) {
    signal?.throwIfAborted();
    throw new MlflowError('TEMPORARILY_UNAVAILABLE', `The model's server does not answer: ${errorMessage(error)}`, { cause: error });
  }
};

const readReply = async (reply: IncomingMessage): Promise<Pick<ScoringReply, 'body' | 'isCut'>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largestReply) return { body: Buffer.concat(chunks).subarray(0, largestReply).toString('utf8'), isCut: true };
  }
  return { body: Buffer.concat(chunks).toString('utf8'), isCut: false };
};
