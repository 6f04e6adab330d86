import { Hono, type Context } from 'hono';
import { callEndpoint, type BinaryRoute, type Endpoint } from '../shared/endpoint.ts';
import type { Logger } from '../shared/logger.ts';
import { readBody } from './body.ts';
import { errorReply, failureReply, jsonReply } from './errors.ts';
import type { Route } from './workbench-routes.ts';

export interface StoreParts {
  readonly endpoints: readonly Endpoint[];
  readonly binaryRoutes: readonly BinaryRoute[];
  readonly routes: readonly Route[];
  readonly log: Logger;
}

/** The release of MLflow that this server answers like. */
const mlflowVersion = '3.17.2';

/** One store as a function from request to reply; `root` is the path before its routes. */
export const createStoreApp = (parts: StoreParts, root = ''): Hono => {
  const app = new Hono({ getPath: (request) => pathOf(request.url).slice(root.length) });
  app.get('/health', () => new Response('OK', { headers: textHeaders }));
  app.get('/version', () => new Response(mlflowVersion, { headers: textHeaders }));
  for (const endpoint of parts.endpoints) mountEndpoint(app, endpoint);
  for (const route of parts.routes) app.on(route.method, route.path, (context) => route.handle(context.req.raw));
  for (const route of parts.binaryRoutes) mountBinaryRoute(app, route);
  refuseOtherMethods(app);
  app.notFound((context) => errorReply(404, 'ENDPOINT_NOT_FOUND', `No endpoint of MLflow has the path ${context.req.path.slice(0, 200)}`));
  app.onError((error) => failureReply(error, parts.log));
  return app;
};

const textHeaders = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** Still percent-encoded, as hono matches it. */
const pathOf = (url: string): string => /^[a-z]+:\/\/[^/]*([^?#]*)/.exec(url)?.[1] ?? '/';

const mountEndpoint = (app: Hono, endpoint: Endpoint): void => {
  const prefixes = endpoint.ajaxOnly === true ? ['/ajax-api'] : ['/api', '/ajax-api'];
  for (const prefix of prefixes) {
    app.on(endpoint.method, `${prefix}/${endpoint.version}/mlflow${endpoint.path}`, async (context) => jsonReply(await answer(endpoint, context)));
  }
};

const answer = async (endpoint: Endpoint, context: Context): Promise<object> => {
  const request = context.req.raw;
  const body = endpoint.method === 'GET' ? '' : await readBody(request);
  return callEndpoint(
    endpoint,
    { query: queryOf(request), pathParameters: context.req.param(), contentType: request.headers.get('content-type') ?? undefined, body },
    request.signal,
  );
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
