import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { describeModel } from '../../extension/models/describe-model.ts';
import { missingPackages } from '../../extension/models/missing-packages.ts';
import { folderFiles } from '../../extension/models/model-files.ts';
import { readModelInput } from '../../extension/models/model-input.ts';
import type { ModelPage } from '../../schemas/model-page.ts';
import { checkRequirements } from '../../schemas/requirement-check.ts';
import { modelShapes } from '../support/model-shapes.ts';

const newModel = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

const pageOf = async (files: Readonly<Record<string, string>>): Promise<ModelPage> => {
  const folder = newModel(files);
  return await describeModel(folderFiles(folder), { label: 'm', modelUri: folder, source: '' });
};

const agent = `flavors: {python_function: {loader_module: mlflow.pyfunc.loaders.chat_agent, model_code_path: agent.py, streamable: true}}\nmetadata: {task: agent/v2/chat}\nresources:\n  api_version: '1'\n  databricks:\n    serving_endpoint: [{name: x}]\nenv_vars: [OPENAI_API_KEY]\nprompts: null\n`;
const external = 'flavors: {python_function: {loader_module: a}}\nmetadata: {mlflow.model.isExternal: true}\n';

/** What MLflow refuses of some: params of before 2.6, columns without an input. */
const refused = /^2\.5\.1|^2\.x: columns/;

describe('the page of a model', () => {
  test.each([...modelShapes, ['JSON, which is YAML', '{"flavors": {"python_function": {"loader_module": "a"}}, "custom": {"a": [1, 2]}}'] as const])(
    'shows a file of the shape: %s',
    async (name, text) => {
      const page = await pageOf({ MLmodel: text });
      expect(page.flavors.length).toBeGreaterThan(0);
      expect(page.canServe).toBe(/python_function|crate/.test(text));
      expect(JSON.stringify(page)).not.toContain('undefined');
      if (!refused.test(name)) expect(page.problems).toEqual([]);
    },
  );

  test('knows the loader, the versions, the code and what else is in the file', async () => {
    const page = await pageOf({ MLmodel: agent, 'requirements.txt': 'mlflow\n', 'code/x.py': '' });
    expect(page).toMatchObject({
      flavors: [
        { name: 'python_function', loader: 'mlflow.pyfunc.loaders.chat_agent', values: [{ name: 'model_code_path' }, { name: 'streamable', value: 'true' }] },
      ],
      variables: ['OPENAI_API_KEY'],
      environmentFiles: ['requirements.txt'],
      canServe: true,
      files: [{ path: 'code/x.py', size: 0 }, { path: 'MLmodel' }, { path: 'requirements.txt' }],
    });
    expect(page.more.map(({ name }) => name)).toEqual(['metadata', 'resources']);
  });

  test('an external model cannot be served', async () => {
    expect((await pageOf({ MLmodel: external })).canServe).toBe(false);
  });

  test.each([
    ['Python', 'import mlflow\nprint(1)\n'],
    ['nothing', ''],
    ['a broken signature', `flavors: {a: {}}\nsignature: {inputs: '[{"type": "double"'}\n`],
    ['a broken YAML', 'flavors: [}\n'],
  ])('a file that holds %s tells its problems', async (_, text) => {
    expect((await pageOf({ MLmodel: text })).problems.length).toBeGreaterThan(0);
  });

  test('a folder without an MLmodel file says so', async () => {
    await expect(pageOf({ 'model.pkl': '' })).rejects.toThrow(/There is no MLmodel file in .*: this is no model of MLflow/);
  });

  test('files outside of the folder are not read, whatever the file names', async () => {
    const folder = newModel({ MLmodel: `flavors: {a: {}}\nsaved_input_example_info: {artifact_path: ../../etc/passwd, type: dataframe}\n` });
    const page = await describeModel(folderFiles(folder), { label: 'm', modelUri: folder, source: '' });
    expect(page.example).toMatch(/^It cannot be read: .*outside of the model's folder/);
    await expect(folderFiles(folder).read('/etc/passwd')).rejects.toThrow('outside');
  });
});

describe('what a request is built from', () => {
  const signed = `flavors: {a: {}}\nsaved_input_example_info: {artifact_path: input_example.json, type: dataframe, pandas_orient: split}\n`;

  test('an example of before 2.15 gets the key that a request needs', async () => {
    const folder = newModel({ MLmodel: signed, 'input_example.json': '{"columns": ["a"], "data": [[1]]}' });
    expect((await readModelInput(folderFiles(folder))).example).toBe('{"dataframe_split":{"columns":["a"],"data":[[1]]}}');
  });

  test('an example that is broken is told, and keeps nobody from trying', async () => {
    const folder = newModel({ MLmodel: signed, 'input_example.json': '{' });
    expect(await readModelInput(folderFiles(folder))).toMatchObject({ notes: [expect.stringContaining('The input example cannot be read')] });
  });

  test('without an MLmodel file nothing is known, and that is said', async () => {
    expect((await readModelInput(folderFiles(newModel({})))).notes).toEqual(['The MLmodel file of the model was not found: nothing is known of its input.']);
  });
});

describe('packages', () => {
  const installed = [
    { name: 'scikit_learn', version: '1.9.1' },
    { name: 'numpy', version: '2.1.0+local' },
    { name: 'mlflow-skinny', version: '3.17.2' },
    { name: 'uvicorn', version: '0.30.0' },
  ];

  test.each([
    ['scikit-learn==1.9.1', 'met'],
    ['scikit-learn==1.9', 'differs'],
    ['scikit-learn==1.9.*', 'met'],
    ['scikit-learn!=1.9.*', 'differs'],
    ['scikit-learn>=1.2,<2', 'met'],
    ['scikit-learn>=1.2,<1.9', 'differs'],
    ['scikit-learn~=1.8', 'met'],
    ['scikit-learn~=1.8.0', 'differs'],
    ['scikit-learn', 'met'],
    ['numpy==2.1.0', 'met'],
    ['numpy>1.9', 'met'],
    ['numpy==2.1.0rc1', 'unknown'],
    ['lightgbm==4.0.0', 'missing'],
  ])('%s is %s', (requirement, verdict) => {
    expect(checkRequirements(requirement, installed).map((check) => check.verdict)).toEqual([verdict]);
  });

  test('that are not there at all are named as pip takes them, with what serving needs', () => {
    expect(missingPackages('mlflow==3.17.2\nlightgbm==4.0.0\nscikit-learn==1.0\n', installed)).toEqual(['lightgbm==4.0.0', 'fastapi']);
  });
});
