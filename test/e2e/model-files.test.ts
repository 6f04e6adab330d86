import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

const model = `flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.skops
    python_version: 3.11.7
  sklearn:
    pickled_model: model.skops
    serialization_format: skops
    sklearn_version: 1.9.1
mlflow_version: 3.17.2
signature:
  inputs: '[{"type": "double", "name": "alpha", "required": true}, {"type": "int64",
    "name": "age", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]'
`;

const fix = async ({ text }: Workbench, title: string): Promise<void> => {
  await (await text.showQuickFix(title)).click();
  await text.save();
};

const newFolder = async (): Promise<string> => {
  const folder = await window.editor.newFolder('files');
  const files = {
    MLmodel: model,
    'model.skops': '',
    'conda.yaml': 'dependencies: [python, pip, {pip: [mlflow]}]\n',
    MLproject: 'conda_env: conda.yaml\n',
    'environment.yml': 'dependencies: [python]\n',
    '.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/METADATA': '',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
};

test('files of a model: an MLmodel is mended, explained and completed, so is its python_env.yaml; a conda.yaml counts where it is used', async () => {
  const folder = await newFolder();
  const workbench = await window.openWindow(folder);
  await mendsModel(workbench, folder);
  await mendsEnvironment(workbench, folder);
  await countsCondaFiles(workbench);
  await completesFlavors(workbench, folder);
});

/** A mistake inside the JSON is underlined and mended; the schema hovers as a table. */
const mendsModel = async (workbench: Workbench, folder: string): Promise<void> => {
  await workbench.openFile('MLmodel');
  const problems = await workbench.showProblems();
  await problems.filter({ hasText: "'int64' is no type of MLflow" }).first().waitFor();
  await problems.filter({ hasText: "There is no 'python_env.yaml'" }).first().waitFor();
  await workbench.screenshot('mlmodel-problems-dark');
  await workbench.text.placeCursor(15, 78);
  await fix(workbench, "Change to 'long'");
  await expect.poll(async () => readFile(join(folder, 'MLmodel'), 'utf8')).toContain('"type": "long"');
  await workbench.text.hoverOver(workbench.page.locator('.view-line').filter({ hasText: 'inputs' }).first().getByText('inputs').first(), 'alpha');
  await workbench.screenshot('mlmodel-hover-dark');
};

/** The version that YAML would change is quoted by a fix, packages of the environment are offered. */
const mendsEnvironment = async (workbench: Workbench, folder: string): Promise<void> => {
  await writeFile(join(folder, 'python_env.yaml'), 'python: 3.10\ndependencies:\n  - mlflow\n  - \n');
  await workbench.openFile('python_env.yaml');
  const problems = await workbench.showProblems();
  await problems.filter({ hasText: 'YAML reads the number 3.1' }).first().waitFor();
  await workbench.text.placeCursor(1, 10);
  await fix(workbench, 'Quote it: "3.10"');
  await expect.poll(async () => readFile(join(folder, 'python_env.yaml'), 'utf8')).toContain('python: "3.10"');
  await workbench.text.placeCursor(4, 5);
  await workbench.text.showSuggestions('numpy');
  await workbench.screenshot('python-env-completion-dark');
  await workbench.page.keyboard.press('Escape');
};

/** One that no project or model uses is left alone. */
const countsCondaFiles = async (workbench: Workbench): Promise<void> => {
  await workbench.openFile('environment.yml');
  await workbench.openFile('conda.yaml');
  const problems = await workbench.showProblems();
  await problems.filter({ hasText: 'Python has no version here' }).first().waitFor();
  expect(await problems.filter({ hasText: 'environment.yml' }).count()).toBe(0);
  await workbench.screenshot('conda-problems-dark');
};

/** With the keys of their loader. */
const completesFlavors = async (workbench: Workbench, folder: string): Promise<void> => {
  await workbench.runCommand('View: Close All Editors');
  await workbench.editorTab('conda.yaml').waitFor({ state: 'detached' });
  await writeFile(join(folder, 'MLmodel'), 'flavors:\n  ');
  await workbench.openFile('MLmodel');
  await workbench.text.placeCursor(2, 3);
  const xgboost = await workbench.text.showSuggestions('xgboost');
  await workbench.screenshot('mlmodel-completion-dark');
  await workbench.page.keyboard.type('xgb');
  await xgboost.click();
  await workbench.page.keyboard.press('Escape');
  await workbench.text.save();
  await expect.poll(async () => readFile(join(folder, 'MLmodel'), 'utf8')).toContain('    data: model.ubj');
};
