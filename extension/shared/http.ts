export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the client's base, beginning with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, in place of JSON. */
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How everything of ours talks to a server, on a socket or over https. A reply outside 2xx is thrown as
 * MlflowError with the server's code and message; no answer at all as TEMPORARILY_UNAVAILABLE.
 */
export interface HttpClient {
  /** A JSON object; an empty body is `{}`. */
  json(request: HttpRequest): Promise<Record<string, unknown>>;
  bytes(request: HttpRequest): Promise<ArrayBuffer>;
  /** The body as it comes, for downloads and server-sent events. */
  stream(request: HttpRequest): Promise<AsyncIterable<Uint8Array>>;
}
