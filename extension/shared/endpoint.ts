/** A field of a request, as MLflow's protobuf messages declare it. */
export type Field =
  | { readonly type: 'string' | 'int64' | 'double' | 'bool'; readonly required?: boolean; readonly repeated?: boolean }
  | { readonly type: 'enum'; readonly names: Readonly<Record<string, number>>; readonly required?: boolean; readonly repeated?: boolean }
  | { readonly type: 'message'; readonly fields: Fields; readonly required?: boolean; readonly repeated?: boolean };

export type Fields = Readonly<Record<string, Field>>;

type Scalar<F extends Field> = F extends { type: 'string' }
  ? string
  : F extends { type: 'int64' | 'double' }
    ? number
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
