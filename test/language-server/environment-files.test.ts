import { describe, expect, test } from 'vitest';

import { kindOf } from '../../language-server/kinds/kinds.ts';
import { tokenTypes } from '../../language-server/kinds/kind.ts';
import { codeActions } from '../../language-server/verbs/code-actions.ts';
import { diagnose, findingsOf } from '../../language-server/verbs/diagnostics.ts';
import { foldingRanges } from '../../language-server/verbs/folding.ts';
import { links } from '../../language-server/verbs/links.ts';
import { definition } from '../../language-server/verbs/names.ts';
import { semanticTokens } from '../../language-server/verbs/semantic-tokens.ts';
import { symbols } from '../../language-server/verbs/symbols.ts';
import { installedPackages } from '../../language-server/kinds/environment/installed-packages.ts';
import { nodeFiles } from '../../language-server/node-files.ts';
import { applyFix, completeItems, completeLabels, diagnosticLines, documentOf, hoverText, memoryFiles, withCursor, workspaceOf } from './support.ts';

const pythonEnv = 'python_env.yaml';
const condaEnv = 'conda.yaml';
const conda =
  'name: wine\nchannels: [conda-forge]\ndependencies:\n  - python=3.12\n  - libgomp\n  - pip=25.0\n  - pip:\n      - mlflow==3.17.2\n      - "numpy>=1.26"\n';
const venv = {
  '.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/METADATA': '',
  '.venv/lib/python3.12/site-packages/scikit_learn-1.9.1.dist-info/METADATA': '',
};

describe('completion', () => {
  test('an empty python_env.yaml is offered its three keys', async () => {
    expect(await completeLabels('|', { name: pythonEnv })).toEqual(['python', 'build_dependencies', 'dependencies']);
  });

  test('versions of Python are quoted', async () => {
    expect(await completeLabels('python: |', { name: pythonEnv })).toContain('"3.12"');
  });

  test('the packages of the workspace are offered first, pinned', async () => {
    const items = await completeItems('dependencies:\n  - |', { name: pythonEnv, files: venv });
    expect(items.slice(0, 2).map(({ label, textEdit }) => [label, textEdit?.newText])).toEqual([
      ['numpy', 'numpy==2.1.0'],
      ['scikit-learn', 'scikit-learn==1.9.1'],
    ]);
    expect(items.map(({ label }) => label)).toContain('mlflow');
  });

  test('a package that is there is not offered again', async () => {
    const labels = await completeLabels('dependencies:\n  - scikit_learn==1.5\n  - |', { name: pythonEnv, files: venv });
    expect(labels).toContain('numpy');
    expect(labels).not.toContain('scikit-learn');
  });

  test('behind -r are files of requirements', async () => {
    const files = { 'requirements.txt': '', 'train.py': '' };
    expect(await completeLabels('dependencies:\n  - -r |', { name: pythonEnv, files })).toEqual(['requirements.txt']);
  });

  test('files of requirements are those of the project, wherever the environment is', async () => {
    const files = { MLproject: 'python_env: env/python_env.yaml\n', 'requirements.txt': '', 'env/python_env.yaml': '' };
    expect(await completeLabels('dependencies:\n  - -r |', { name: 'env/python_env.yaml', files })).toEqual(['requirements.txt', 'env/']);
  });

  test('conda is offered Python and a list for pip, and pip the packages', async () => {
    expect(await completeLabels('dependencies:\n  - |', { name: condaEnv })).toEqual(expect.arrayContaining(['python=3.12', 'pip', 'pip:']));
    expect(await completeLabels('dependencies:\n  - pip:\n      - |', { name: condaEnv })).toContain('mlflow');
  });

  test.each(Array.from({ length: conda.length + 1 }, (_, length) => length))('the first %i characters of a conda.yaml do no harm', async (length) => {
    await expect(completeLabels(`${conda.slice(0, length)}|`, { name: condaEnv })).resolves.toBeInstanceOf(Array);
  });
});

describe('hover, outline, colours and links', () => {
  test('keys are explained', async () => {
    expect(await hoverText('pyth|on: "3.12"\n', { name: pythonEnv })).toContain('`3.10` without quotes is the number 3.1');
    expect(await hoverText('depend|encies:\n  - pip\n', { name: condaEnv })).toContain('packages of conda');
  });

  test('a requirement is told with the version that is installed', async () => {
    expect(await hoverText('dependencies:\n  - num|py>=1.26\n', { name: pythonEnv, files: venv })).toContain(
      '`numpy`, `>=1.26`. The environment beside it has `2.1.0`.',
    );
  });

  test('names of packages and options stand out', () => {
    const { data } = semanticTokens(documentOf('dependencies:\n  - numpy==2.1.0\n  - -r requirements.txt\n', pythonEnv));
    expect(Array.from({ length: data.length / 5 }, (_, index) => [data[index * 5 + 2], tokenTypes[data[index * 5 + 3] ?? 0]])).toEqual([
      [5, 'type'],
      [2, 'property'],
    ]);
  });

  test('a file of requirements is a link and a definition', async () => {
    const { document, position } = withCursor('dependencies:\n  - -r require|ments.txt\n', pythonEnv);
    const workspace = workspaceOf({ 'requirements.txt': 'mlflow\n' });
    expect(await links(document, workspace)).toMatchObject([{ target: 'file:///project/requirements.txt', range: { start: { line: 1, character: 7 } } }]);
    expect(await definition(document, position, workspace)).toMatchObject([{ uri: 'file:///project/requirements.txt' }]);
  });

  test('lists fold and are in the outline', () => {
    const document = documentOf(conda, condaEnv);
    expect(symbols(document).map(({ name }) => name)).toEqual(['name', 'channels', 'dependencies']);
    expect(foldingRanges(document).length).toBeGreaterThan(0);
  });
});

describe('which files are ours', () => {
  const isOurs = async (path: string, files: Readonly<Record<string, string>>): Promise<boolean | undefined> =>
    kindOf(`file:///project/${path}`)?.isOurs?.(`file:///project/${path}`, memoryFiles(files));

  test('a conda.yaml is, where a project names it or takes it by default', async () => {
    expect(await isOurs('conda.yaml', { MLproject: 'conda_env: conda.yaml\n', 'conda.yaml': '' })).toBe(true);
    expect(await isOurs('environment.yml', { MLproject: 'conda_env: environment.yml\n', 'environment.yml': '' })).toBe(true);
    expect(await isOurs('conda.yaml', { MLproject: 'entry_points: {}\n', 'conda.yaml': '' })).toBe(true);
    expect(await isOurs('env/conda.yaml', { MLproject: 'conda_env: env/conda.yaml\n', 'env/conda.yaml': '' })).toBe(true);
  });

  test('a conda.yaml is, where a model names it', async () => {
    expect(await isOurs('conda.yaml', { MLmodel: 'flavors: {python_function: {env: conda.yaml}}\n', 'conda.yaml': '' })).toBe(true);
    expect(await isOurs('conda.yaml', { MLmodel: 'flavors: {python_function: {env: {conda: conda.yaml}}}\n', 'conda.yaml': '' })).toBe(true);
  });

  test('others are not', async () => {
    expect(await isOurs('conda.yaml', { 'conda.yaml': '' })).toBe(false);
    expect(await isOurs('environment.yml', { MLproject: 'entry_points: {}\n', 'environment.yml': '' })).toBe(false);
    expect(await isOurs('conda.yaml', { MLproject: 'python_env: python_env.yaml\n', 'conda.yaml': '' })).toBe(false);
  });

  test('a python_env.yaml is by its name', () => {
    expect(kindOf('file:///project/python_env.yaml')?.name).toBe('python_env.yaml');
    expect(kindOf('file:///project/python_env-dev.yml')?.name).toBe('python_env.yaml');
    expect(kindOf('file:///project/environment.py')).toBeUndefined();
  });
});

describe('requirements', () => {
  test('mlflow is found behind files that name files', async () => {
    const files = { 'requirements.txt': '-r base.txt\n', 'base.txt': 'mlflow==3.17.2\n' };
    expect(await diagnosticLines('dependencies:\n  - -r requirements.txt\n', { name: pythonEnv, files })).toEqual([]);
  });

  test('files that name each other end', async () => {
    const files = { 'a.txt': '-r b.txt\n', 'b.txt': '-r a.txt\n' };
    expect(await diagnosticLines('dependencies:\n  - -r a.txt\n', { name: pythonEnv, files })).toEqual([]);
  });

  test('a file of requirements is looked for in the folder of the project', async () => {
    const files = { MLproject: 'python_env: env/python_env.yaml\n', 'requirements.txt': 'mlflow\n', 'env/python_env.yaml': '', 'env/other.txt': '' };
    expect(await diagnosticLines('dependencies:\n  - -r requirements.txt\n', { name: 'env/python_env.yaml', files })).toEqual([]);
    expect(await diagnosticLines('dependencies:\n  - mlflow\n  - -r other.txt\n', { name: 'env/python_env.yaml', files })).toEqual([
      "error 3:8-3:17 requirement-file-missing: There is no file 'other.txt' in the project's folder.",
    ]);
  });
});

describe('beside another server for YAML', () => {
  const codesOf = async (text: string, isShared: boolean): Promise<readonly unknown[]> =>
    (await diagnose(documentOf(text, pythonEnv), workspaceOf(), isShared)).map(({ code }) => code);

  test('plain YAML is left to it, and what MLflow says is said', async () => {
    const text = 'python: 3.10\npython: 3.10\ndependencies: [mlflow\n';
    expect(await codesOf(text, false)).toEqual(expect.arrayContaining(['yaml-syntax', 'duplicate-key', 'python-version-type']));
    expect(await codesOf(text, true)).toEqual(['python-version-type']);
  });
});

describe('code actions', () => {
  const actionsAt = async (marked: string, name: string, files: Readonly<Record<string, string>>) => {
    const { document, position } = withCursor(marked, name);
    return codeActions(document, { start: position, end: position }, workspaceOf(files));
  };

  test('a conda.yaml becomes a python_env.yaml, and the project names it', async () => {
    const [action] = (await actionsAt(`|${conda}`, condaEnv, { MLproject: 'conda_env: conda.yaml\n', 'conda.yaml': conda })).filter(
      ({ kind }) => kind === 'refactor.rewrite',
    );
    expect(action?.title).toBe('Convert conda.yaml to python_env.yaml, without 1 package of conda');
    const text = '# Installed by conda only: libgomp\npython: "3.12"\nbuild_dependencies:\n  - pip==25.0\ndependencies:\n  - mlflow==3.17.2\n  - numpy>=1.26\n';
    expect(action?.edit?.documentChanges).toMatchObject([
      { kind: 'create', uri: 'file:///project/python_env.yaml' },
      { textDocument: { uri: 'file:///project/python_env.yaml' }, edits: [{ newText: text }] },
      { textDocument: { uri: 'file:///project/MLproject' }, edits: [{ newText: 'python_env' }, { newText: 'python_env.yaml' }] },
    ]);
    expect(await diagnosticLines(text, { name: pythonEnv })).toEqual([]);
  });

  test('it is offered in the MLproject too', async () => {
    const actions = await actionsAt('conda_env: con|da.yaml\nentry_points: {}\n', 'MLproject', {
      'conda.yaml': 'dependencies: [python=3.12, pip, {pip: [mlflow]}]\n',
    });
    expect(actions.map(({ title }) => title)).toContain('Convert conda.yaml to python_env.yaml');
  });

  test('it is not offered over a python_env.yaml that is there', async () => {
    expect(await actionsAt(`|${conda}`, condaEnv, { 'conda.yaml': conda, 'python_env.yaml': '' })).toEqual([]);
  });

  test('a project without an environment can get one', async () => {
    const actions = await actionsAt('na|me: wine\nentry_points:\n  main:\n    command: ls\n', 'MLproject', {});
    expect(actions).toMatchObject([
      { title: 'Add a python_env.yaml', edit: { documentChanges: [{ kind: 'create' }, {}, { edits: [{ newText: 'python_env: python_env.yaml\n' }] }] } },
    ]);
  });

  test('a project that has one, or finds one, cannot', async () => {
    expect(await actionsAt('na|me: wine\n', 'MLproject', { 'python_env.yaml': 'dependencies: [mlflow]\n' })).toEqual([]);
    expect(await actionsAt('na|me: wine\ndocker_env: {image: a}\n', 'MLproject', {})).toEqual([]);
  });

  test('nothing is inserted where lines end in carriage returns alone', async () => {
    const lines = ['na|me: wine', 'entry_points:', '  main:', '    command: ls', ''];
    expect(await actionsAt(lines.join('\r\n'), 'MLproject', {})).not.toEqual([]);
    expect(await actionsAt(lines.join('\r'), 'MLproject', {})).toEqual([]);
  });
});

test('what is inserted behind a byte order mark stands where the first key does', async () => {
  const document = documentOf('\ufeffpython: "3.12"\n', pythonEnv);
  const [fix] = (await findingsOf(document, workspaceOf())).flatMap(({ fixes = [] }) => fixes);
  if (fix === undefined) throw new Error('mlflow is missing');
  expect(applyFix(document, fix).text).toBe('\ufeffpython: "3.12"\ndependencies: [mlflow]\n');
});

test('above the root of the disk no environment is looked for', async () => {
  expect(await installedPackages('file:///no-such-model/MLmodel', nodeFiles)).toEqual([]);
});
