import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { getRequestListener } from '@hono/node-server';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';

export type Fetch = (request: Request, environment?: object) => Response | Promise<Response>;

const mostConnections = 1_000;
/** ms for the head of a request. */
const headersTimeout = 20_000;

/** Node's HTTP around an app; refuses targets that a URL parser would turn into something else. */
export const createHttpServer = (fetch: Fetch, log: Logger): Server => {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false, errorHandler: (error) => log.error(errorMessage(error)) });
  // Uploads may take as long as they go on; the apps bound what they read themselves.
  const server = createServer({ requestTimeout: 0, headersTimeout, keepAliveTimeout: 30_000 }, (incoming, outgoing) => {
    logWhenDone(incoming, outgoing, log);
    if (isPlainTarget(incoming.url ?? '')) void listener(incoming, outgoing);
    else refuse(outgoing);
  });
  server.maxConnections = mostConnections;
  return server;
};

/** Begins with one slash; has no backslash and no `.` or `..` segment, encoded or not, which `URL` would resolve. */
export const isPlainTarget = (target: string): boolean => {
  const [path = ''] = target.split('?', 1);
  if (!/^\/(?!\/)/.test(path) || path.includes('\\')) return false;
  return !path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
};

const refuse = (outgoing: ServerResponse): void => {
  outgoing.writeHead(400, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  outgoing.end(JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid path' }));
};

/** Method, path, status and time; the query may hold what nobody should read in a log. */
const logWhenDone = (incoming: IncomingMessage, outgoing: ServerResponse, log: Logger): void => {
  const start = performance.now();
  outgoing.once('close', () => {
    const [path = ''] = (incoming.url ?? '').split('?', 1);
    log.debug(`${incoming.method ?? ''} ${path} ${outgoing.statusCode} ${(performance.now() - start).toFixed(1)} ms`);
  });
};
