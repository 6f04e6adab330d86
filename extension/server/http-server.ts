import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { AnswerDirectly } from './direct-endpoints.ts';
import type { Gate, Refusal } from './gate.ts';
import { type BodyPace, endSlowBody, usualPace } from './slow-bodies.ts';

export type Fetch = (request: Request, environment?: object) => Response | Promise<Response>;

const mostConnections = 1_000;
/** ms for the head of a request. */
const headersTimeout = 20_000;

export interface HttpServerOptions {
  readonly log: Logger;
  readonly gate?: Gate;
  readonly pace?: BodyPace;
  readonly direct?: AnswerDirectly;
}

/** Node's HTTP around an app; refuses what the gate does, and targets that a URL parser would turn into something else. */
export const createHttpServer = (fetch: Fetch, options: HttpServerOptions): Server => {
  const { log, gate = () => undefined, pace = usualPace, direct = () => false } = options;
  // It puts a Request and a Response of its own in the place of the global ones: those cost as much as all else that is done for a small request.
  const listener = getRequestListener(unlessAnswered(fetch), { errorHandler: (error) => log.error(errorMessage(error)) });
  // Uploads may take as long as they go on at some pace; the apps bound what they read themselves.
  const server = createServer({ requestTimeout: 0, headersTimeout, keepAliveTimeout: 30_000 }, (incoming, outgoing) => {
    const start = performance.now();
    outgoing.once('close', () => {
      logRequest(log, incoming, outgoing, performance.now() - start);
      // A server that stops waits for its connections, and this one would stay open for the next request.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    const refusal = refuseTarget(incoming.url ?? '') ?? gate(incoming, incoming.socket.localPort ?? 0);
    if (refusal !== undefined) return refuse(incoming, outgoing, refusal);
    endSlowBody(incoming, outgoing, pace);
    if (!direct(incoming, outgoing)) void listener(incoming, outgoing);
  });
  // Else the connection would end without an answer.
  server.on('connect', (_incoming, socket) => socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
  server.maxConnections = mostConnections;
  return server;
};

/** A body that came too slowly has had its answer. */
const unlessAnswered =
  (answer: Fetch) =>
  async (request: Request, environment: { readonly outgoing: { readonly headersSent: boolean } }): Promise<Response> => {
    const reply = await answer(request, environment);
    if (!environment.outgoing.headersSent) return reply;
    await reply.body?.cancel();
    return RESPONSE_ALREADY_SENT;
  };

/** Below it the rest of a path is the name of a file: one that is refused. Elsewhere dots are in no route. */
const filesBelow = 'artifacts/';

/** Nothing in it that could be something else. */
const plainTarget = /^(?:\/[\w-][\w.-]*)+$/;

/** What `URL` would turn into something else: not one slash at the beginning, a backslash, a `.` or `..` segment, encoded or not. */
const refuseTarget = (target: string): TargetRefusal | undefined => {
  if (plainTarget.test(target)) return undefined;
  const [path = ''] = target.split('?', 1);
  if (!/^\/(?!\/)/.test(path) || path.includes('\\')) return invalidPath;
  if (!path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) return undefined;
  return path.includes(filesBelow) ? invalidPath : noRoute;
};

type TargetRefusal = Omit<Refusal, 'status'> & { readonly status: Refusal['status'] | 404 };

const invalidPath: TargetRefusal = { status: 400, message: 'Invalid path' };
const noRoute: TargetRefusal = { status: 404, message: 'No endpoint of MLflow has . or .. in its path' };
const refusalCodes = { 400: 'INVALID_PARAMETER_VALUE', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'ENDPOINT_NOT_FOUND' } as const;

/** The body, of any length, is not read: the connection ends with the answer. */
const refuse = (incoming: IncomingMessage, outgoing: ServerResponse, { status, message, headers }: TargetRefusal): void => {
  const hasBody = incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined;
  outgoing.writeHead(status, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', ...headers, ...(hasBody && { connection: 'close' }) });
  outgoing.end(JSON.stringify({ error_code: refusalCodes[status], message }));
};

/** Method, path, status and time in ms; the query may hold what nobody should read in a log. */
const logRequest = (log: Logger, incoming: IncomingMessage, outgoing: ServerResponse, time: number): void => {
  const [path = ''] = (incoming.url ?? '').split('?', 1);
  log.debug(`${incoming.method ?? ''} ${path} ${outgoing.statusCode} ${time.toFixed(1)} ms`);
};
