import { Hono, type Context } from 'hono';

import { callEndpoint, type BinaryRoute, type Endpoint } from '../shared/endpoint.ts';
import type { Logger } from '../shared/logger.ts';
import { readBody } from './body.ts';
import { answerBeside, answerBytes, answerHere, type DirectAnswers } from './direct-answers.ts';
import { errorReply, failureReply, jsonReply } from './errors.ts';
import type { ReadReply, ReadRequest } from './reader-protocol.ts';
import { unservedFamilyOf } from './unserved.ts';
import type { Route } from './workbench-routes.ts';

export interface StoreParts {
  readonly endpoints: readonly Endpoint[];
  readonly binaryRoutes: readonly BinaryRoute[];
  readonly routes: readonly Route[];
  /** Answers heavy reads in another thread; absent in that thread itself. */
  readonly readBeside?: (request: ReadRequest, signal: AbortSignal) => Promise<ReadReply>;
  /** Also what is quick, and writes. */
  readonly isAllBeside?: boolean;
  readonly log: Logger;
}

/** The release of MLflow that this server answers like. */
const mlflowVersion = '3.17.2';

/** Reads of MLflow's API that may take more than a few milliseconds. */
const heavyPaths: ReadonlySet<string> = new Set([
  '/experiments/search',
  '/experiments/search-datasets',
  '/runs/search',
  '/metrics/get-history',
  '/metrics/get-history-bulk',
  '/metrics/get-history-bulk-interval',
  '/logged-models/search',
  '/registered-models/search',
  '/model-versions/search',
]);

/** Artifacts stay here: this thread knows which folders a person has agreed to. */
const isBeside = ({ isAllBeside = false }: StoreParts, { path }: Endpoint): boolean => (isAllBeside ? !/artifact|presigned/.test(path) : heavyPaths.has(path));

type Handle = (context: Context) => Response | Promise<Response>;

/** One store as a function from request to reply; `root` is the path before its routes. */
export const createStoreApp = (parts: StoreParts, root = ''): Hono => {
  const app = new Hono({ getPath: (request) => pathOf(request.url).slice(root.length) });
  const { readBeside } = parts;
  const beside: Handle | undefined = readBeside && ((context) => readInThread(readBeside, context));
  app.get('/health', () => new Response('OK', { headers: textHeaders }));
  app.get('/version', () => new Response(mlflowVersion, { headers: textHeaders }));
  for (const endpoint of parts.endpoints) mountEndpoint(app, endpoint, isBeside(parts, endpoint) ? beside : undefined);
  for (const route of parts.routes) app.on(route.method, route.path, (route.isHeavy === true && beside) || ((context) => route.handle(context.req.raw)));
  for (const route of parts.binaryRoutes) mountBinaryRoute(app, route);
  refuseOtherMethods(app);
  app.notFound((context) => unknownPath(context.req.path));
  app.onError((error) => failureReply(error, parts.log));
  return app;
};

const unknownPath = (path: string): Response => {
  const family = unservedFamilyOf(path);
  const message =
    family === undefined ? `No endpoint of MLflow has the path ${path.slice(0, 200)}` : `This server does not serve ${family.what}: ${family.why}`;
  return errorReply(404, 'ENDPOINT_NOT_FOUND', message);
};

const textHeaders = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** Still percent-encoded, as hono matches it. */
const pathOf = (url: string): string => /^[a-z]+:\/\/[^/]*([^?#]*)/.exec(url)?.[1] ?? '/';

const pathsOf = ({ ajaxOnly, version, path }: Endpoint): readonly string[] =>
  (ajaxOnly === true ? ['/ajax-api'] : ['/api', '/ajax-api']).map((prefix) => `${prefix}/${version}/mlflow${path}`);

/** What is read from or posted to a fixed path. */
export const directAnswers = (parts: StoreParts, root = ''): DirectAnswers => {
  const { readBeside, log } = parts;
  const beside = readBeside && answerBeside(readBeside, log);
  const direct = parts.endpoints.filter(({ method, path }) => (method === 'GET' || method === 'POST') && !path.includes(':'));
  const ofEndpoints = direct.flatMap((endpoint) => {
    const answer = (isBeside(parts, endpoint) ? beside : undefined) ?? answerHere(endpoint, log);
    return pathsOf(endpoint).map((path) => [`${endpoint.method} ${root}${path}`, answer] as const);
  });
  const ofRoutes = parts.routes.flatMap(({ method, path, readBytes }) =>
    readBytes === undefined ? [] : [[`${method} ${root}${path}`, beside ?? answerBytes(readBytes, log)] as const],
  );
  return new Map([...ofEndpoints, ...ofRoutes]);
};

const mountEndpoint = (app: Hono, endpoint: Endpoint, beside: Handle | undefined): void => {
  const handle: Handle = beside ?? (async (context) => jsonReply(await answer(endpoint, context)));
  for (const path of pathsOf(endpoint)) app.on(endpoint.method, path, handle);
};

const answer = async (endpoint: Endpoint, context: Context): Promise<object> => {
  const request = context.req.raw;
  // Before the body: reading it can give the request a type that was never sent.
  const contentType = request.headers.get('content-type') ?? undefined;
  const body = endpoint.method === 'GET' ? '' : await readBody(request);
  return callEndpoint(endpoint, { query: queryOf(request), pathParameters: context.req.param(), contentType, body }, request.signal);
};

const readInThread = async (readBeside: NonNullable<StoreParts['readBeside']>, context: Context): Promise<Response> => {
  const request = context.req.raw;
  const contentType = request.headers.get('content-type') ?? undefined;
  const body = request.method === 'GET' ? '' : await readBody(request);
  const query = queryOf(request).toString();
  const target = query === '' ? context.req.path : `${context.req.path}?${query}`;
  const reply = await readBeside({ method: request.method, target, contentType, body }, request.signal);
  return new Response(new Uint8Array(reply.body), {
    status: reply.status,
    headers: { 'content-type': reply.contentType, 'x-content-type-options': 'nosniff' },
  });
};

const queryOf = (request: Request): URLSearchParams => {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start));
};

const mountBinaryRoute = (app: Hono, route: BinaryRoute): void => {
  const fixed = route.path.replace(/\*$/, '');
  app.on(route.method, route.path, (context) => {
    const request = context.req.raw;
    const rawPath = route.path === fixed ? '' : context.req.path.slice(fixed.length);
    return route.handle({
      query: queryOf(request),
      headers: request.headers,
      rawPath,
      pathParameters: context.req.param(),
      body: request.body,
      signal: request.signal,
    });
  });
};

const refuseOtherMethods = (app: Hono): void => {
  const methods = Map.groupBy(app.routes, (route) => route.path);
  for (const [path, routes] of methods) {
    const allow = [...new Set(routes.map((route) => route.method))].join(', ');
    app.all(path, (context) => errorReply(405, 'ENDPOINT_NOT_FOUND', `${context.req.method} is not allowed here, only ${allow}`, { allow }));
  }
};
