export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the client's base, beginning with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, in place of JSON. */
  readonly body?: AsyncIterable<Uint8Array>;
  /** Asks for these bytes only; a server may send everything all the same (see `HttpBody`). */
  readonly range?: ByteRange;
  /** A POST that changes nothing: it may be sent again, as every GET may. */
  readonly isRead?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ByteRange {
  readonly start: number;
  /** The first byte that is not wanted. */
  readonly end: number;
}

/** A body as it comes. Whoever stops reading closes the connection. */
export interface HttpBody extends AsyncIterable<Uint8Array> {
  /** Bytes of the whole, when the server sent the range that was asked for; undefined when it sent the whole. */
  readonly partOf?: number;
  /** The first byte of that range. */
  readonly from?: number;
  /** What tells the state of a file from its others: its entity tag, the time of its last change or, when a server says neither, its size. */
  readonly version?: string;
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
  stream(request: HttpRequest): Promise<HttpBody>;
}
