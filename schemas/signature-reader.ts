import { readDataType } from './data-type-reader.ts';
import { memberOf, pythonTypeOfJson, readJson, type JsonArray, type JsonNode, type JsonObject } from './json-reader.ts';
import type { Column, DataSchema } from './model-signature.ts';
import { SignatureProblems, type SignatureProblem } from './signature-problem.ts';
import { readTensor } from './tensor-reader.ts';

/** Offsets are those of the JSON text. */
export interface SchemaReading {
  readonly value: DataSchema | undefined;
  readonly problems: readonly SignatureProblem[];
}

/** Follows `mlflow/types/schema.py: Schema.from_json`. */
export const readDataSchema = (text: string): SchemaReading => {
  const problems = new SignatureProblems();
  const list = readList(text, problems);
  const value = list === undefined ? undefined : readSchemaItems(list, problems);
  return { value, problems: problems.all };
};

/** The list that each of the three texts holds. */
export const readList = (text: string, problems: SignatureProblems): JsonArray | undefined => {
  const { root, problem } = readJson(text);
  if (problem !== undefined) {
    const isDeep = problem.message.startsWith('Recursion');
    const reason = isDeep ? 'it is nested too deeply' : lowerFirst(problem.message.replace(/(?: starting)?(?: at)?: line .*/, ''));
    return problems.add(
      'signature-json',
      problem,
      `This is not valid JSON: ${reason}.`,
      isDeep ? problem.message : `json.decoder.JSONDecodeError: ${problem.message}`,
    );
  }
  if (root?.kind === 'array') return root;
  if (root === undefined) return undefined;
  const mlflow = root.kind === 'object' || root.kind === 'string' ? "TypeError: string indices must be integers, not 'str'" : notIterable(root);
  return problems.add('schema-not-list', root, 'The JSON must be a list, with an object for each input, output or param.', mlflow);
};

const notIterable = (node: JsonNode): string => `TypeError: '${pythonTypeOfJson(node)}' object is not iterable`;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const readSchemaItems = (list: JsonArray, problems: SignatureProblems): DataSchema | undefined => {
  if (list.items.length === 0) {
    return problems.add('schema-empty', list, 'A schema has at least one input; write `null` for none.', 'Creating Schema with empty inputs is not allowed.');
  }
  const objects = list.items.flatMap((item) => asObject(item, problems) ?? []);
  const isTensor = (object: JsonObject): boolean => typeWordOf(object) === 'tensor';
  const tensors = objects.filter(isTensor);
  checkNames(list, objects, tensors.length, problems);
  if (tensors.length === 0) return { kind: 'columns', columns: objects.flatMap((object) => readColumn(object, problems) ?? []) };
  const odd = objects.find((object) => !isTensor(object));
  const mixed = 'Creating Schema with a combination of {0} and {1} is not supported. Please choose one of ColSpec or TensorSpec';
  if (odd !== undefined) problems.add('schema-mixed', odd, 'A schema holds columns or tensors, not both.', mixed);
  return { kind: 'tensors', tensors: tensors.flatMap((object) => readTensor(object, problems) ?? []) };
};

const asObject = (item: JsonNode, problems: SignatureProblems): JsonObject | undefined =>
  item.kind === 'object'
    ? item
    : problems.add(
        'column-not-object',
        item,
        'Each item is an object such as {"type": "double", "name": "alpha"}.',
        `TypeError: '${pythonTypeOfJson(item)}' object is not subscriptable`,
      );

const typeWordOf = (object: JsonObject): string | undefined => {
  const type = memberOf(object, 'type')?.value;
  return type?.kind === 'string' ? type.value : undefined;
};

const isNamed = (object: JsonObject): boolean => {
  const name = memberOf(object, 'name')?.value;
  return name !== undefined && name.kind !== 'null';
};

/** All of them have names, or none has. */
const checkNames = (list: JsonArray, objects: readonly JsonObject[], tensorCount: number, problems: SignatureProblems): void => {
  const unnamed = objects.filter((object) => !isNamed(object));
  const [first] = unnamed;
  if (first === undefined) return;
  if (unnamed.length < objects.length) {
    problems.add(
      'schema-names',
      first,
      'Some have a `name` and this has none: name all or none.',
      'Creating Schema with a combination of named and unnamed inputs is not allowed.',
    );
  } else if (tensorCount > 1) {
    problems.add(
      'schema-names',
      list,
      'Several tensors need names.',
      'Creating Schema with multiple unnamed TensorSpecs is not supported. Please provide names for each TensorSpec.',
    );
  }
  const optional =
    unnamed.length === objects.length
      ? objects.map((object) => memberOf(object, 'required')).find((member) => member?.value.kind === 'boolean' && !member.value.value)
      : undefined;
  if (optional !== undefined) {
    problems.add(
      'schema-names',
      optional,
      'A column without a name cannot be optional.',
      'Creating Schema with unnamed optional inputs is not supported. Please name all inputs or make all inputs required.',
    );
  }
};

const columnKeys = ['type', 'name', 'required'];

const readColumn = (object: JsonObject, problems: SignatureProblems): Column | undefined => {
  const type = readDataType(object, 'Column', problems);
  const isScalar = type?.kind === 'scalar';
  // Only a scalar's keys are handed to a constructor; the others ignore what they do not know.
  if (isScalar) refuseUnknownKeys(object, problems);
  if (type === undefined) return undefined;
  const name = memberOf(object, 'name')?.value;
  const required = memberOf(object, 'required')?.value;
  return {
    ...(name?.kind === 'string' || name?.kind === 'number' ? { name: name.value } : {}),
    type,
    isRequired: required?.kind === 'boolean' ? required.value === true : isScalar,
    start: object.start,
    end: object.end,
  };
};

const refuseUnknownKeys = (object: JsonObject, problems: SignatureProblems): void => {
  for (const { key } of object.members.filter((member) => !columnKeys.includes(member.key.value))) {
    const message =
      key.value === 'optional'
        ? 'MLflow 2.18 and newer do not load a column with `optional`; write `"required": false`.'
        : `A column has no key '${key.value}': MLflow refuses it.`;
    problems.add('column-key', key, message, `TypeError: ColSpec.__init__() got an unexpected keyword argument '${key.value}'`);
  }
};
