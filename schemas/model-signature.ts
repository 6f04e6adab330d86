import type { Span } from './yaml-tree.ts';

/** MLflow's `DataType`, in its order. */
export const scalarTypes = ['boolean', 'integer', 'long', 'float', 'double', 'string', 'binary', 'datetime'] as const;
export type ScalarType = (typeof scalarTypes)[number];

/** Other words that may stand at `type` of a column. */
export const compoundTypes = ['array', 'object', 'map', 'any', 'sparkml_vector'] as const;

export const isScalarType = (text: string): text is ScalarType => scalarTypes.some((type) => type === text);

export type DataType =
  | { readonly kind: 'scalar'; readonly name: ScalarType }
  | { readonly kind: 'array'; readonly items: DataType }
  | { readonly kind: 'object'; readonly properties: readonly SignatureProperty[] }
  | { readonly kind: 'map'; readonly values: DataType }
  | { readonly kind: 'any' | 'sparkml_vector' };

export interface SignatureProperty {
  readonly name: string;
  readonly type: DataType;
  readonly isRequired: boolean;
}

export interface Column extends Span {
  /** Absent when columns go by their position; a pandas frame without names has numbers. */
  readonly name?: string | number;
  readonly type: DataType;
  readonly isRequired: boolean;
}

export interface Tensor extends Span {
  readonly name?: string | number;
  /** numpy's name. */
  readonly dtype: string;
  /** -1 is any length. */
  readonly shape: readonly number[];
}

export type DataSchema = { readonly kind: 'columns'; readonly columns: readonly Column[] } | { readonly kind: 'tensors'; readonly tensors: readonly Tensor[] };

/** What can be given with a request beside the data. */
export interface ModelParam extends Span {
  readonly name: string;
  readonly type: DataType;
  /** The value is a list of that type. */
  readonly isList: boolean;
  readonly defaultValue: JsonValue;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Spans are those of the MLmodel file. */
export interface ModelSignature {
  readonly inputs?: DataSchema;
  readonly outputs?: DataSchema;
  readonly params: readonly ModelParam[];
}

/** For people: `array<string>`, `map<string, long>`, `{a: double, b?: string}`. */
export const dataTypeText = (type: DataType): string => {
  switch (type.kind) {
    case 'scalar':
      return type.name;
    case 'array':
      return `array<${dataTypeText(type.items)}>`;
    case 'map':
      return `map<string, ${dataTypeText(type.values)}>`;
    case 'object':
      return `{${type.properties.map(({ name, type: inner, isRequired }) => `${name}${isRequired ? '' : '?'}: ${dataTypeText(inner)}`).join(', ')}}`;
    default:
      return type.kind;
  }
};

/** `float32[-1, 28, 28]` */
export const tensorText = ({ dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>): string => `${dtype}[${shape.join(', ')}]`;
