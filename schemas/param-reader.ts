import { memberOf, pythonTypeOfJson, type JsonNode, type JsonObject } from './json-reader.ts';
import { isScalarType, scalarTypes, type DataType, type JsonValue, type ModelParam, type ScalarType } from './model-signature.ts';
import { readDataType } from './data-type-reader.ts';
import { SignatureProblems, type SignatureProblem } from './signature-problem.ts';
import { readList } from './signature-reader.ts';

export interface ParamsReading {
  readonly value: readonly ModelParam[];
  readonly problems: readonly SignatureProblem[];
}

/** Follows `mlflow/types/schema.py: ParamSchema.from_json`. */
export const readParams = (text: string): ParamsReading => {
  const problems = new SignatureProblems();
  const params = (readList(text, problems)?.items ?? []).flatMap((item) => readParam(item, problems) ?? []);
  const seen = new Set<string>();
  for (const param of params) {
    if (seen.has(param.name)) {
      problems.add('param-duplicate', param, `A param named '${param.name}' is there already.`, `Duplicated parameters found in schema: ['${param.name}']`);
    }
    seen.add(param.name);
  }
  return { value: params, problems: problems.all };
};

const readParam = (item: JsonNode, problems: SignatureProblems): ModelParam | undefined => {
  if (item.kind !== 'object') {
    const mlflow = `TypeError: argument after ** must be a mapping, not ${pythonTypeOfJson(item)}`;
    return problems.add('column-not-object', item, 'Each param is an object such as {"name": "top_k", "type": "long", "default": 3}.', mlflow);
  }
  const missing = missingKeys(item);
  if (missing.length > 0) {
    const received = item.members.map(({ key }) => `'${key.value}'`).join(', ');
    const mlflow = `Missing keys in ParamSpec JSON. Expected to find keys \`name\`, \`type\`(or \`dtype\`) and \`default\`. Received keys: dict_keys([${received}])`;
    return problems.add('param-shape', item, `A param needs ${missing.map((key) => `\`${key}\``).join(' and ')}.`, mlflow);
  }
  const type = readParamType(item, problems);
  const shape = memberOf(item, 'shape')?.value;
  const isList = shape !== undefined && shape.kind !== 'null';
  if (type === undefined || (isList && !isListShape(shape, problems))) return undefined;
  return describeParam(item, type, isList, problems);
};

/** `dtype` is what MLflow before 2.6 wrote for `type`. */
const missingKeys = (item: JsonObject): readonly string[] => {
  const has = (key: string): boolean => memberOf(item, key) !== undefined;
  return ['name', 'type', 'default'].filter((key) => !has(key) && !(key === 'type' && has('dtype')));
};

const readParamType = (item: JsonObject, problems: SignatureProblems): DataType | undefined => {
  const node = (memberOf(item, 'type') ?? memberOf(item, 'dtype'))?.value;
  const word = node?.kind === 'string' ? node.value : undefined;
  if (word === 'object') return readDataType(item, 'Column', problems);
  if (word !== undefined && isScalarType(word) && word !== 'binary') return { kind: 'scalar', name: word };
  const span = node ?? item;
  if (word === 'binary')
    return problems.add('param-type', span, 'A param cannot be binary.', "Binary type is not supported for parameters, has dtype 'binary'");
  const known = [...scalarTypes.filter((type) => type !== 'binary'), 'object'].join(', ');
  return problems.add('param-type', span, `A param is one of ${known}.`, `KeyError: ${word === undefined ? 'None' : `'${word}'`}`);
};

const isListShape = (shape: JsonNode, problems: SignatureProblems): boolean => {
  const isAnyLength = shape.kind === 'array' && shape.items.length === 1 && shape.items[0]?.kind === 'number' && shape.items[0].value === -1;
  if (!isAnyLength) {
    problems.add(
      'param-shape',
      shape,
      '`shape` is null for one value and [-1] for a list.',
      'Shape must be None for scalar or dictionary value, or (-1,) for 1D array value',
    );
  }
  return isAnyLength;
};

const describeParam = (item: JsonObject, type: DataType, isList: boolean, problems: SignatureProblems): ModelParam => {
  const nameNode = memberOf(item, 'name')?.value;
  const name = nameNode?.kind === 'string' ? nameNode.value : JSON.stringify(nameNode === undefined ? '' : valueOf(nameNode));
  const value = memberOf(item, 'default')?.value;
  if (value !== undefined && type.kind === 'scalar') checkDefault(value, type.name, isList, problems);
  return { name, type, isList, defaultValue: value === undefined ? null : valueOf(value), start: item.start, end: item.end };
};

const checkDefault = (value: JsonNode, type: ScalarType, isList: boolean, problems: SignatureProblems): void => {
  if (isList && value.kind !== 'array') {
    problems.add('param-default', value, 'With the shape [-1] the default is a list.', 'Value must be a 1D array with shape (-1,)');
    return;
  }
  for (const item of isList && value.kind === 'array' ? value.items : [value]) {
    if (fits(item, type)) continue;
    const mlflow =
      item.kind === 'object' || item.kind === 'array'
        ? `Value must be a scalar for type \`${type}\``
        : `Can not safely convert \`<class '${pythonTypeOfJson(item)}'>\` to \`${type}\``;
    problems.add('param-default', item, `This is no ${type}; MLflow does not load the model.`, mlflow);
  }
};

/** `_enforce_param_datatype`: a whole number may stand for a real one, nothing else is converted. */
const fits = (node: JsonNode, type: ScalarType): boolean => {
  if (node.kind === 'null') return true;
  switch (type) {
    case 'boolean':
      return node.kind === 'boolean';
    case 'integer':
    case 'long':
      return node.kind === 'number' && node.isInteger;
    case 'float':
    case 'double':
      return node.kind === 'number';
    case 'datetime':
      return node.kind === 'string' && /^[-+]?\d{4}(?:$|-\d\d)/.test(node.value);
    default:
      return node.kind === 'string';
  }
};

const valueOf = (node: JsonNode): JsonValue => {
  if (node.kind === 'array') return node.items.map(valueOf);
  if (node.kind === 'object') return Object.fromEntries(node.members.map(({ key, value }) => [key.value, valueOf(value)]));
  return node.value;
};
