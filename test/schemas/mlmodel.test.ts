import { describe, expect, test } from 'vitest';

import { dataTypeText, tensorText } from '../../schemas/model-signature.ts';
import { readMlmodel } from '../../schemas/mlmodel.ts';

const flavors = 'flavors:\n  python_function:\n    env: {conda: conda.yaml, virtualenv: python_env.yaml}\n    loader_module: mlflow.sklearn\n';

describe('readMlmodel', () => {
  test('hands over what a page or a server of models needs', () => {
    const text = `${flavors}mlflow_version: 3.17.2\nmodel_size_bytes: 7074\nrun_id: abc\nsaved_input_example_info: {artifact_path: input_example.json, type: dataframe}\nmetadata: {task: llm/v1/chat}\n`;
    expect(readMlmodel(text)).toMatchObject({
      problems: [],
      value: {
        runId: 'abc',
        mlflowVersion: '3.17.2',
        modelSizeBytes: 7074,
        task: 'llm/v1/chat',
        isExternal: false,
        inputExample: { artifactPath: 'input_example.json', type: 'dataframe', servingInputPath: undefined },
        flavors: [{ name: 'python_function', environment: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' } }],
      },
    });
  });

  test('an environment that is a text is the conda file', () => {
    const { value } = readMlmodel('flavors:\n  python_function:\n    env: conda.yaml\n');
    expect(value.flavors[0]?.environment).toEqual({ conda: 'conda.yaml', virtualenv: undefined });
  });

  test('a signature is read with its names and types, and where they stand', () => {
    const json = '[{"type": "array", "items": {"type": "string"}, "name": "tags", "required": false}, {"type": "long", "name": 0}]';
    const text = `${flavors}signature:\n  inputs: '${json}'\n`;
    const inputs = readMlmodel(text).value.signature?.inputs;
    const columns = inputs?.kind === 'columns' ? inputs.columns : [];
    expect(columns.map(({ name, type, isRequired }) => [name, dataTypeText(type), isRequired])).toEqual([
      ['tags', 'array<string>', false],
      [0, 'long', true],
    ]);
    expect(columns.map(({ start, end }) => text.slice(start, end))).toEqual([json.slice(1, json.indexOf(', {"type": "long"')), '{"type": "long", "name": 0}']);
  });

  test('tensors have shapes', () => {
    const { value } = readMlmodel(`${flavors}signature:\n  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28]}}]'\n`);
    const outputs = value.signature?.outputs;
    expect(outputs?.kind === 'tensors' && outputs.tensors.map(tensorText)).toEqual(['float32[-1, 28]']);
  });

  test('params have defaults, with the key that MLflow 2.5 wrote too', () => {
    const { value } = readMlmodel(`${flavors}signature:\n  params: '[{"name": "stop", "dtype": "string", "default": ["a"], "shape": [-1]}]'\n`);
    expect(value.signature?.params).toMatchObject([{ name: 'stop', type: { kind: 'scalar', name: 'string' }, isList: true, defaultValue: ['a'] }]);
  });

  test('what follows a mistake is still read', () => {
    const { value, problems } = readMlmodel(`${flavors}signature:\n  inputs: '[{"type": "int", "name": "a"}, {"type": "long", "name": "b"}]'\nrun_id: abc\n`);
    expect(problems.map(({ code }) => code)).toEqual(['column-type']);
    expect(value.runId).toBe('abc');
    expect(value.signature?.inputs).toMatchObject({ kind: 'columns', columns: [{ name: 'b' }] });
  });
});
