import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { scalarTypes, type DataType, type ScalarType } from '../../schemas/model-signature.ts';
import { readDataSchema } from '../../schemas/signature-reader.ts';
import { readParams } from '../../schemas/param-reader.ts';
import { shapeOf, type FormShape } from '../../webviews/serve/request/fields.ts';
import { fillForm } from '../../webviews/serve/request/fill.ts';
import { readForm, type TypedForm } from '../../webviews/serve/request/form.ts';
import { bodyOf, contentTypeOf, formatsFor, type Format } from '../../webviews/serve/request/formats.ts';
import { compact } from '../../webviews/serve/request/values.ts';
import { checkRaw } from '../../webviews/serve/request/check-raw.ts';
import { pythonPath } from '../support/python.ts';

/** A type of a signature, as MLflow writes it, with texts that a person types for it. */
interface Typable {
  readonly wire: Readonly<Record<string, unknown>>;
  readonly text: fc.Arbitrary<string>;
}

const json = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> => value.map((each) => JSON.stringify(each));

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 });
const dateTimes = fc.constantFrom('2026-01-31', '2026-01-31T12:30:00', '2026-01-31T12:30:00.123', '1999-12-31 23:59:59');

const scalarTexts: Readonly<Record<ScalarType, fc.Arbitrary<string>>> = {
  boolean: fc.constantFrom('true', 'false'),
  integer: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  float: number.map(String),
  double: number.map(String),
  string: fc.string({ unit: 'grapheme', maxLength: 12 }),
  binary: fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  datetime: dateTimes,
};

const scalarValues: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  integer: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  long: fc.maxSafeInteger(),
  float: fc.integer({ min: -1000, max: 1000 }).map((value) => value + 0.5),
  double: fc.integer({ min: -1000, max: 1000 }).map((value) => value + 0.5),
  string: fc.string({ maxLength: 8 }),
  binary: fc.constantFrom('', 'AAEC'),
  datetime: dateTimes,
};

interface Nested {
  readonly wire: Readonly<Record<string, unknown>>;
  readonly value: fc.Arbitrary<unknown>;
}

/** Inside of lists and objects MLflow takes nothing of JSON for the other four: it refuses to shorten numbers and to read texts there. */
const innerScalar: fc.Arbitrary<Nested> = fc
  .constantFrom('boolean', 'long', 'double', 'string')
  .map((name) => ({ wire: { type: name }, value: scalarValues[name] }));

const nested = fc.letrec<{ type: Nested; array: Nested; object: Nested; map: Nested }>((tie) => ({
  type: fc.oneof({ maxDepth: 2 }, innerScalar, tie('array'), tie('object'), tie('map')),
  array: tie('type').map(({ wire, value }) => ({ wire: { type: 'array', items: wire }, value: fc.array(value, { minLength: 1, maxLength: 3 }) })),
  object: fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((types) => ({
    wire: { type: 'object', properties: Object.fromEntries(types.map(({ wire }, index) => [`p${index}`, { ...wire, required: true }])) },
    value: fc.record(Object.fromEntries(types.map(({ value }, index) => [`p${index}`, value]))),
  })),
  map: tie('type').map(({ wire, value }) => ({ wire: { type: 'map', values: wire }, value: fc.dictionary(fc.constantFrom('a', 'b'), value, { minKeys: 1 }) })),
}));

const scalar: fc.Arbitrary<Typable> = fc.constantFrom(...scalarTypes).map((name) => ({ wire: { type: name }, text: scalarTexts[name] }));
const compound: fc.Arbitrary<Typable> = fc.oneof(
  nested.array.map(({ wire, value }) => ({ wire, text: json(value) })),
  nested.object.map(({ wire, value }) => ({ wire, text: json(value) })),
  nested.map.map(({ wire, value }) => ({ wire, text: json(value) })),
  fc.constant({ wire: { type: 'any' }, text: fc.constantFrom('1', '"a"', '[1, 2]', '{"a": 1}') }),
  fc.constant({ wire: { type: 'sparkml_vector' }, text: json(fc.array(number, { minLength: 1, maxLength: 3 })) }),
);

interface Case {
  readonly signature: Readonly<Record<string, string>>;
  readonly shape: FormShape;
  readonly typed: TypedForm;
}

const shapeFor = (signature: Readonly<Record<string, string>>): FormShape => {
  const inputs = signature['inputs'] === undefined ? undefined : readDataSchema(signature['inputs']).value;
  return shapeOf({ ...(inputs && { inputs }), params: readParams(signature['params'] ?? '[]').value }, false);
};

const columnCase = (isNamed: boolean): fc.Arbitrary<Case> =>
  fc
    .array(fc.tuple(fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: compound }), fc.boolean()), { minLength: 1, maxLength: isNamed ? 4 : 3 })
    .chain((columns) => {
      const wire = columns.map(([{ wire: type }, required], index) => ({ ...type, ...(isNamed ? { name: `c ${index}`, required } : { required: true }) }));
      const canMiss = ({ wire: type }: Typable): boolean => !['boolean', 'integer', 'long', 'binary'].includes(String(type['type']));
      const cells = columns.map(([{ text, wire: type }, required]) =>
        isNamed && !required && canMiss({ text, wire: type }) ? fc.oneof({ weight: 4, arbitrary: text }, fc.constant('')) : text,
      );
      // The first value is there, so that there is something to send.
      const [first, ...others] = [columns[0]?.[0].text ?? fc.constant(''), ...cells.slice(1)];
      const rowsOf = fc.array(
        fc.tuple(
          first.filter((text) => text.trim() !== ''),
          ...others,
        ),
        { minLength: 1, maxLength: 3 },
      );
      return rowsOf.map((rows) => {
        const signature = { inputs: JSON.stringify(wire) };
        return { signature, shape: shapeFor(signature), typed: { rows, tensors: [], params: {} } };
      });
    });

const dtypes: readonly { readonly dtype: string; readonly value: fc.Arbitrary<unknown> }[] = [
  ...['float32', 'float64'].map((dtype) => ({ dtype, value: fc.integer({ min: -9, max: 9 }).map((value) => value + 0.5) })),
  ...['int8', 'int32', 'int64', 'uint8'].map((dtype) => ({ dtype, value: fc.integer({ min: 0, max: 100 }) })),
  { dtype: 'bool', value: fc.boolean() },
  { dtype: 'str', value: fc.string({ maxLength: 3 }) },
  { dtype: 'object', value: fc.string({ maxLength: 3 }) },
];

const filled = (shape: readonly number[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const [length, ...rest] = shape;
  if (length === undefined) return value;
  return fc.array(filled(rest, value), { minLength: length, maxLength: length });
};

const tensorCase: fc.Arbitrary<Case> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...dtypes), fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .chain(([tensors, wantsNames]) => {
    const isNamed = wantsNames || tensors.length > 1;
    const wire = tensors.map(([{ dtype }, rest], index) => ({
      type: 'tensor',
      'tensor-spec': { dtype, shape: [-1, ...rest] },
      ...(isNamed && { name: `t${index}` }),
    }));
    return fc.tuple(...tensors.map(([{ value }, rest]) => json(filled([2, ...rest], value)))).map((texts) => {
      const signature = { inputs: JSON.stringify(wire) };
      return { signature, shape: shapeFor(signature), typed: { rows: [], tensors: texts, params: {} } };
    });
  });

const paramTypes = scalarTypes.filter((name) => name !== 'binary');
const paramDefaults: Readonly<Record<string, unknown>> = {
  boolean: true,
  integer: 1,
  long: 1,
  float: 0.5,
  double: 0.5,
  string: 'a',
  datetime: '2026-01-01T00:00:00',
};

const paramCase: fc.Arbitrary<Case> = fc.array(fc.tuple(fc.constantFrom(...paramTypes), fc.boolean()), { minLength: 1, maxLength: 4 }).chain((params) => {
  const wire = params.map(([type, isList], index) => ({
    name: `p${index}`,
    type,
    default: isList ? [paramDefaults[type]] : paramDefaults[type],
    shape: isList ? [-1] : null,
  }));
  const texts = params.map(([type, isList]) => (isList ? json(fc.array(scalarValues[type], { minLength: 1, maxLength: 2 })) : scalarTexts[type]));
  return fc.tuple(...texts).map((given) => {
    const signature = { inputs: '[{"type": "double", "name": "a"}]', params: JSON.stringify(wire) };
    return {
      signature,
      shape: shapeFor(signature),
      typed: { rows: [['1.5']], tensors: [], params: Object.fromEntries(given.map((text, index) => [`p${index}`, text])) },
    };
  });
});

interface Request {
  readonly signature: Readonly<Record<string, string>>;
  readonly body: string;
  readonly contentType: string;
  readonly isFromTypeHints: boolean;
  readonly format: Format;
}

const requestsOf = ({ signature, shape, typed }: Case): readonly Request[] => {
  const read = readForm(shape, typed);
  if (read === undefined) throw new Error(`There is no form for ${JSON.stringify(signature)}`);
  expect(read.problems, JSON.stringify({ signature, typed })).toEqual([]);
  return formatsFor(shape).map((format) => {
    const body = bodyOf(read.data, read.params, format, shape.isFromTypeHints);
    expect(checkRaw(body, format, shape), `${format}: ${body} for ${JSON.stringify(signature)}`).toEqual([]);
    return { signature, format, body, contentType: contentTypeOf(format), isFromTypeHints: shape.isFromTypeHints };
  });
};

const enforce = (requests: readonly Request[]): readonly string[] =>
  JSON.parse(
    execFileSync(pythonPath(), ['test/support/enforce_requests.py'], {
      input: requests.map((request) => JSON.stringify(request)).join('\n'),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  ) as readonly string[];

const refused = (cases: readonly Case[]): readonly string[] => {
  const requests = cases.flatMap(requestsOf);
  const answers = enforce(requests);
  expect(answers.length).toBe(requests.length);
  return requests.flatMap(({ format, body, signature }, index) =>
    answers[index] === 'accepted' ? [] : [`${format} ${body} for ${JSON.stringify(signature)}: ${answers[index] ?? 'no answer'}`],
  );
};

const kinds = { 'named columns': columnCase(true), 'unnamed columns': columnCase(false), tensors: tensorCase, params: paramCase };

test.each(Object.entries(kinds))('what the form makes of %s is accepted by mlflow, in every format that is offered', (_, kind) => {
  expect(refused(fc.sample(kind, { numRuns: 150, seed: 7 }))).toEqual([]);
});

test('what was sent fills the form again, and makes the same request', () => {
  for (const kind of Object.values(kinds)) {
    for (const { shape, typed, signature } of fc.sample(kind, { numRuns: 100, seed: 11 })) {
      const read = readForm(shape, typed);
      for (const format of formatsFor(shape).filter((each) => each !== 'csv')) {
        const body = read === undefined ? '' : bodyOf(read.data, read.params, format, false);
        const again = fillForm(shape, body);
        const reread = again && readForm(shape, again);
        expect(reread && compact(bodyOf(reread.data, reread.params, format, false)), JSON.stringify({ signature, body })).toBe(compact(body));
      }
    }
  }
});

const listOf = (type: DataType): FormShape => ({
  ...shapeOf({ inputs: { kind: 'columns', columns: [{ type, isRequired: true, start: 0, end: 0 }] }, params: [] }, true),
});

test('a signature from type hints gets its data as a list under inputs', () => {
  const shape = listOf({ kind: 'object', properties: [{ name: 'text', type: { kind: 'scalar', name: 'string' }, isRequired: true }] });
  const read = readForm(shape, { rows: [['{"text": "a"}'], ['{"text": "b"}']], tensors: [], params: {} });
  expect(read && bodyOf(read.data, read.params, 'inputs', true)).toBe('{"inputs": [{"text": "a"}, {"text": "b"}]}');
  expect(formatsFor(shape)).toEqual(['inputs']);
});
