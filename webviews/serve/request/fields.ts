import { dataTypeText, tensorText, type Column, type DataType, type ModelParam, type ModelSignature, type Tensor } from '../../../schemas/model-signature.ts';

/** What is typed into: one of the model's columns, tensors or params. */
export type Field = ColumnField | TensorField | ParamField;

interface Described {
  /** How it is called on the page. */
  readonly label: string;
  /** `double`, `array<string>`, `float32[-1, 28, 28]` */
  readonly typeText: string;
}

export interface ColumnField extends Described {
  readonly kind: 'column';
  readonly name: string | number | undefined;
  readonly type: DataType;
  readonly isRequired: boolean;
}

export interface TensorField extends Described {
  readonly kind: 'tensor';
  readonly name: string | number | undefined;
  readonly tensor: Tensor;
}

export interface ParamField extends Described {
  readonly kind: 'param';
  readonly name: string;
  readonly param: ModelParam;
}

/** What a form can be made of; `free`: nothing is known, or the model takes no data. */
export interface FormShape {
  readonly data:
    | { readonly kind: 'table'; readonly columns: readonly ColumnField[] }
    | { readonly kind: 'tensors'; readonly tensors: readonly TensorField[] }
    | { readonly kind: 'free' };
  readonly params: readonly ParamField[];
  /** Data go in as a list under `inputs`. */
  readonly isFromTypeHints: boolean;
}

export const noShape: FormShape = { data: { kind: 'free' }, params: [], isFromTypeHints: false };

export const shapeOf = (signature: ModelSignature | undefined, isFromTypeHints: boolean): FormShape => ({
  data: dataOf(signature),
  params: (signature?.params ?? []).map(toParamField),
  isFromTypeHints,
});

const dataOf = (signature: ModelSignature | undefined): FormShape['data'] => {
  const inputs = signature?.inputs;
  if (inputs === undefined) return { kind: 'free' };
  if (inputs.kind === 'columns') return { kind: 'table', columns: inputs.columns.map(toColumnField) };
  return { kind: 'tensors', tensors: inputs.tensors.map(toTensorField) };
};

const toColumnField = ({ name, type, isRequired }: Column, index: number): ColumnField => ({
  kind: 'column',
  name,
  type,
  isRequired,
  label: name === undefined ? `column ${index + 1}` : String(name),
  typeText: dataTypeText(type),
});

const toTensorField = (tensor: Tensor): TensorField => ({
  kind: 'tensor',
  name: tensor.name,
  tensor,
  label: tensor.name === undefined ? 'tensor' : String(tensor.name),
  typeText: tensorText(tensor),
});

const toParamField = (param: ModelParam): ParamField => ({
  kind: 'param',
  name: param.name,
  param,
  label: param.name,
  typeText: param.isList ? `list of ${dataTypeText(param.type)}` : dataTypeText(param.type),
});

/** How a value of a type is typed. */
export type Control = 'boolean' | 'number' | 'datetime' | 'text' | 'json';

export const controlFor = (type: DataType): Control => {
  if (type.kind !== 'scalar') return 'json';
  switch (type.name) {
    case 'boolean':
      return 'boolean';
    case 'datetime':
      return 'datetime';
    case 'string':
    case 'binary':
      return 'text';
    default:
      return 'number';
  }
};
