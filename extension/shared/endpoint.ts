import type { Int64 } from '../../schemas/rest-api.ts';
import { MlflowError } from './errors.ts';
import { checkContentType, readJsonObject } from './request-body.ts';
import { parseFields } from './request-fields.ts';

/** A field of a request, as MLflow's protobuf messages declare it. */
export type Field =
  | { readonly type: 'string' | 'int64' | 'double' | 'bool'; readonly required?: boolean; readonly repeated?: boolean }
  /** An integer of MLflow's whose size does not matter: sizes of pages. Above `max` it is refused like one of the wrong type, as MLflow does. */
  | { readonly type: 'count'; readonly max?: number; readonly required?: boolean; readonly repeated?: boolean }
  | { readonly type: 'enum'; readonly names: Readonly<Record<string, number>>; readonly required?: boolean; readonly repeated?: boolean }
  | { readonly type: 'message'; readonly fields: Fields; readonly required?: boolean; readonly repeated?: boolean };

export type Fields = Readonly<Record<string, Field>>;

type Scalar<F extends Field> = F extends { type: 'string' }
  ? string
  : F extends { type: 'count' | 'double' }
    ? number
    : F extends { type: 'int64' }
      ? Int64
      : F extends { type: 'bool' }
        ? boolean
        : F extends { type: 'enum'; names: infer Names }
          ? keyof Names & string
          : F extends { type: 'message'; fields: infer Inner extends Fields }
            ? Parsed<Inner>
            : never;

type Value<F extends Field> = F extends { repeated: true } ? readonly Scalar<F>[] : Scalar<F>;

/** Required fields are there, repeated ones are lists (empty when absent), the others may be undefined. */
export type Parsed<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends { required: true } | { repeated: true } ? Value<F[Name]> : Value<F[Name]> | undefined;
};

/** An endpoint of MLflow's REST API: mounted below `/api/<version>/mlflow` and `/ajax-api/<version>/mlflow`. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** In hono's syntax: `/runs/create`, `/logged-models/:model_id`. Path parameters are fields too. */
  readonly path: string;
  readonly version: '2.0' | '3.0';
  /** Some routes exist below `/ajax-api` only. */
  readonly ajaxOnly?: boolean;
  readonly fields: Fields;
  /** Gets the fields parsed and checked; returns the body of the reply in wire names. */
  readonly handle: (request: never, signal: AbortSignal) => object | Promise<object>;
}

/** Declares an endpoint, so that `handle` sees its fields typed. */
export const endpoint = <const F extends Fields>(
  declaration: Omit<Endpoint, 'fields' | 'handle' | 'version'> & {
    readonly version?: Endpoint['version'];
    readonly fields: F;
    readonly handle: (request: Parsed<F>, signal: AbortSignal) => object | Promise<object>;
  },
): Endpoint => ({ version: '2.0', ...declaration });

/** What came over the wire, not yet looked at. */
export interface EndpointRequest {
  readonly query: URLSearchParams;
  /** Decoded once. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Parses and checks a request by the endpoint's fields, and answers it: the reply's body in wire names. */
export const callEndpoint = async (target: Endpoint, request: EndpointRequest, signal: AbortSignal): Promise<object> => {
  const values = target.method === 'GET' ? readQuery(target.fields, request.query) : readBody(target.method, request);
  const parsed = parseFields(target.fields, { ...values, ...request.pathParameters });
  return target.handle(parsed as never, signal);
};

const readBody = (method: Endpoint['method'], request: EndpointRequest): Readonly<Record<string, unknown>> => {
  if (method === 'POST' || request.body !== '') checkContentType(request.contentType);
  return readJsonObject(request.body);
};

/** In a query a list is a repeated key, and everything is text. */
const readQuery = (fields: Fields, query: URLSearchParams): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field?.repeated === true) values[name] = query.getAll(name);
    else values[name] = field?.type === 'bool' ? readBoolean(query.get(name)) : query.get(name);
  }
  return values;
};

const readBoolean = (text: string | null): boolean => {
  if (text?.toLowerCase() === 'true') return true;
  if (text?.toLowerCase() === 'false') return false;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid boolean value: ${text}, must be 'true' or 'false'.`);
};

/** A route whose request or reply is not JSON (artifact bytes); its path is whole, below a store's root, and may end in `/*`. */
export interface BinaryRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly handle: (request: BinaryRequest) => Promise<Response>;
}

export interface BinaryRequest {
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** What stands for `*`, still percent-encoded: whoever turns it into a file decodes it, once. */
  readonly rawPath: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly signal: AbortSignal;
}
