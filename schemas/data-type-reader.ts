import { memberOf, pythonTypeOfJson, type JsonNode, type JsonObject } from './json-reader.ts';
import { compoundTypes, isScalarType, scalarTypes, type DataType, type SignatureProperty } from './model-signature.ts';
import type { SignatureProblems } from './signature-problem.ts';

type Holder = 'Column' | 'Property' | 'Items' | 'Values';

/** What MLflow prints when the key `type` is missing. */
const missingType: Readonly<Record<Holder, string>> = {
  Column: "KeyError: 'type'",
  Property: 'Missing keys in Property. Expected to find key `type`',
  Items: "Missing keys in Array's items JSON. Expected to find key `type`",
  Values: "Missing keys in Map's items JSON. Expected to find key `type`",
};

export const readDataType = (object: JsonObject, holder: Holder, problems: SignatureProblems): DataType | undefined => {
  const type = memberOf(object, 'type')?.value;
  if (type === undefined) return problems.add('column-shape', object, 'The key `type` is missing.', missingType[holder]);
  const word = type.kind === 'string' ? type.value : undefined;
  switch (word) {
    case 'array':
      return readArray(object, problems);
    case 'map':
      return readMap(object, problems);
    case 'object':
      return readObject(object, problems);
    case 'any':
    case 'sparkml_vector':
      return { kind: word };
    default:
      return word !== undefined && isScalarType(word) ? { kind: 'scalar', name: word } : refuseType(type, problems);
  }
};

const refuseType = (type: JsonNode, problems: SignatureProblems): undefined => {
  const text = type.kind === 'string' ? type.value : pythonTypeOfJson(type);
  const known = scalarTypes.map((name) => `'${name}'`).join(', ');
  return problems.add(
    'column-type',
    type,
    `'${text}' is no type of MLflow: use one of ${[...scalarTypes, ...compoundTypes].join(', ')}.`,
    `Unsupported type '${text}', expected instance of DataType or one of [${known}]`,
  );
};

const readInner = (object: JsonObject, key: 'items' | 'values', problems: SignatureProblems): DataType | undefined => {
  const inner = memberOf(object, key)?.value;
  if (inner === undefined) {
    return problems.add('column-shape', object, `The key \`${key}\` is missing.`, 'Missing keys in Array JSON. Expected to find keys `items` and `type`');
  }
  if (inner.kind !== 'object') {
    return problems.add('column-shape', inner, `\`${key}\` is an object such as {"type": "string"}.`, `Expected ${key} to be a dictionary of Object JSON`);
  }
  return readDataType(inner, key === 'items' ? 'Items' : 'Values', problems);
};

const readArray = (object: JsonObject, problems: SignatureProblems): DataType | undefined => {
  const items = readInner(object, 'items', problems);
  return items && { kind: 'array', items };
};

const readMap = (object: JsonObject, problems: SignatureProblems): DataType | undefined => {
  const values = readInner(object, 'values', problems);
  return values && { kind: 'map', values };
};

const readObject = (object: JsonObject, problems: SignatureProblems): DataType | undefined => {
  const properties = memberOf(object, 'properties')?.value;
  if (properties === undefined) {
    return problems.add(
      'column-shape',
      object,
      'The key `properties` is missing.',
      'Missing keys in Object JSON. Expected to find keys `properties` and `type`',
    );
  }
  if (properties.kind !== 'object') {
    return problems.add('column-shape', properties, '`properties` maps each name to its type.', 'Expected properties to be a dictionary of Property JSON');
  }
  if (properties.members.length === 0) {
    return problems.add('column-shape', properties, 'An object has at least one property.', 'Creating Object with empty properties is not allowed.');
  }
  return { kind: 'object', properties: properties.members.flatMap(({ key, value }) => readProperty(key.value, value, problems) ?? []) };
};

const readProperty = (name: string, value: JsonNode, problems: SignatureProblems): SignatureProperty | undefined => {
  if (value.kind !== 'object') {
    return problems.add(
      'column-shape',
      value,
      'A property is an object such as {"type": "string"}.',
      'Expected properties to be a dictionary of Property JSON',
    );
  }
  const type = readDataType(value, 'Property', problems);
  const required = memberOf(value, 'required')?.value;
  return type && { name, type, isRequired: required?.kind !== 'boolean' || required.value === true };
};
