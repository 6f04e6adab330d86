import {
  dataTypeText,
  tensorText,
  type Column,
  type DataSchema,
  type DataType,
  type ModelParam,
  type ModelSignature,
  type ScalarType,
  type Tensor,
} from './model-signature.ts';

/** One thing in which two signatures differ. */
export interface SignatureChange {
  readonly part: 'inputs' | 'outputs' | 'params';
  /** A column, tensor or param; `#1` is the first of those that have no names, empty the part as a whole. */
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: string;
  readonly after?: string;
  /** Whoever calls the earlier model, or reads its answers, fails with the later one. */
  readonly breaks: boolean;
}

/** What a caller of `before` meets in `after`. Without a signature MLflow checks nothing, so nothing can be said to break but what is returned. */
export const signatureDifference = (before: ModelSignature | undefined, after: ModelSignature | undefined): readonly SignatureChange[] => [
  ...schemaChanges('inputs', before?.inputs, after?.inputs),
  ...schemaChanges('outputs', before?.outputs, after?.outputs),
  ...paramChanges(before?.params ?? [], after?.params ?? []),
];

export const breaksCallers = (changes: readonly SignatureChange[]): boolean => changes.some(({ breaks }) => breaks);

/** In one line: `alcohol: double, ph: double → quality: long`; empty when there is none. */
export const signatureText = (signature: ModelSignature | undefined): string =>
  [schemaText(signature?.inputs), schemaText(signature?.outputs)].filter((part) => part !== '').join(' → ');

interface Field {
  readonly name: string;
  readonly text: string;
  readonly isRequired: boolean;
  /** Whether values that fitted an earlier field fit this one. */
  readonly takes: (earlier: Field) => boolean;
  readonly type: DataType | Tensor;
}

type DataPart = 'inputs' | 'outputs';

const schemaChanges = (part: DataPart, before: DataSchema | undefined, after: DataSchema | undefined): readonly SignatureChange[] => {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ part, name: '', kind: 'added', after: schemaText(after), breaks: false }];
  if (after === undefined) return [{ part, name: '', kind: 'removed', before: schemaText(before), breaks: part === 'outputs' }];
  if (before.kind !== after.kind) return [{ part, name: '', kind: 'changed', before: schemaText(before), after: schemaText(after), breaks: true }];
  return fieldChanges(part, fieldsOf(before), fieldsOf(after));
};

const schemaText = (schema: DataSchema | undefined): string =>
  schema === undefined
    ? ''
    : fieldsOf(schema)
        .map(({ name, text }) => `${name}: ${text}`)
        .join(', ');

const fieldsOf = (schema: DataSchema): readonly Field[] => (schema.kind === 'columns' ? schema.columns.map(columnField) : schema.tensors.map(tensorField));

const nameOf = (name: string | number | undefined, index: number): string => (name === undefined ? `#${index + 1}` : String(name));

const columnField = ({ name, type, isRequired }: Column, index: number): Field => ({
  name: nameOf(name, index),
  text: `${dataTypeText(type)}${isRequired ? '' : ' (optional)'}`,
  isRequired,
  type,
  takes: (earlier) => 'kind' in earlier.type && takesType(earlier.type, type),
});

const tensorField = (tensor: Tensor, index: number): Field => ({
  name: nameOf(tensor.name, index),
  text: tensorText(tensor),
  isRequired: true,
  type: tensor,
  takes: (earlier) => 'dtype' in earlier.type && takesTensor(earlier.type, tensor),
});

const fieldChanges = (part: DataPart, before: readonly Field[], after: readonly Field[]): readonly SignatureChange[] => {
  const [earlier, later] = [new Map(before.map((field) => [field.name, field])), new Map(after.map((field) => [field.name, field]))];
  const removed = before.filter(({ name }) => !later.has(name)).map((field) => removal(part, field));
  const others = after.flatMap((field) => {
    const old = earlier.get(field.name);
    return old === undefined ? [addition(part, field)] : changeOf(part, old, field);
  });
  return [...removed, ...others];
};

/** MLflow leaves out columns that a model does not know; who reads a result misses what is no longer there. */
const removal = (part: DataPart, { name, text, type }: Field): SignatureChange => ({
  part,
  name,
  kind: 'removed',
  before: text,
  breaks: part === 'outputs' || 'dtype' in type,
});

const addition = (part: DataPart, { name, text, isRequired }: Field): SignatureChange => ({
  part,
  name,
  kind: 'added',
  after: text,
  breaks: part === 'inputs' && isRequired,
});

const changeOf = (part: DataPart, before: Field, after: Field): readonly SignatureChange[] => {
  if (before.text === after.text) return [];
  const fits =
    part === 'inputs' ? after.takes(before) && (before.isRequired || !after.isRequired) : before.takes(after) && (after.isRequired || !before.isRequired);
  return [{ part, name: after.name, kind: 'changed', before: before.text, after: after.text, breaks: !fits }];
};

/** What MLflow converts without losing anything: mlflow/models/utils.py, `_enforce_mlflow_datatype`. */
const widenings: Readonly<Partial<Record<ScalarType, readonly ScalarType[]>>> = { integer: ['long', 'double'], float: ['double'] };

const takesType = (earlier: DataType, later: DataType): boolean => {
  if (later.kind === 'any') return true;
  if (earlier.kind === 'scalar' && later.kind === 'scalar') return earlier.name === later.name || (widenings[earlier.name]?.includes(later.name) ?? false);
  if (earlier.kind === 'array' && later.kind === 'array') return takesType(earlier.items, later.items);
  if (earlier.kind === 'map' && later.kind === 'map') return takesType(earlier.values, later.values);
  if (earlier.kind === 'object' && later.kind === 'object') return takesObject(earlier.properties, later.properties);
  return earlier.kind === later.kind;
};

type Properties = Extract<DataType, { readonly kind: 'object' }>['properties'];

/** MLflow refuses properties that an object does not have. */
const takesObject = (earlier: Properties, later: Properties): boolean => {
  const known = new Map(later.map((property) => [property.name, property]));
  const areTaken = earlier.every(({ name, type, isRequired }) => {
    const property = known.get(name);
    return property !== undefined && takesType(type, property.type) && (isRequired || !property.isRequired);
  });
  const names = new Set(earlier.map(({ name }) => name));
  return areTaken && later.every(({ name, isRequired }) => !isRequired || names.has(name));
};

const takesTensor = (earlier: Tensor, later: Tensor): boolean =>
  earlier.dtype === later.dtype &&
  earlier.shape.length === later.shape.length &&
  later.shape.every((size, index) => size === -1 || size === earlier.shape[index]);

const paramText = ({ type, isList, defaultValue }: ModelParam): string =>
  `${isList ? `list of ${dataTypeText(type)}` : dataTypeText(type)} = ${JSON.stringify(defaultValue)}`;

/** Every param has a default; MLflow ignores, with a warning, those that a model does not know. */
const paramChanges = (before: readonly ModelParam[], after: readonly ModelParam[]): readonly SignatureChange[] => {
  const [earlier, later] = [new Map(before.map((param) => [param.name, param])), new Map(after.map((param) => [param.name, param]))];
  const part = 'params';
  const removed = before
    .filter(({ name }) => !later.has(name))
    .map((param) => ({ part, name: param.name, kind: 'removed', before: paramText(param), breaks: false }) as const);
  const others = after.flatMap((param): readonly SignatureChange[] => {
    const old = earlier.get(param.name);
    if (old === undefined) return [{ part, name: param.name, kind: 'added', after: paramText(param), breaks: false }];
    if (paramText(old) === paramText(param)) return [];
    const breaks = old.isList !== param.isList || !takesType(old.type, param.type);
    return [{ part, name: param.name, kind: 'changed', before: paramText(old), after: paramText(param), breaks }];
  });
  return [...removed, ...others];
};
