import type { ProjectEnvironment } from '../../../schemas/mlproject.ts';
import { spanOf, type Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix, removeEntry } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, nameOf, resolvePath } from '../../project-path.ts';
import type { FileSystem, Workspace } from '../../workspace.ts';
import type { Check } from '../kind.ts';
import { checkDocker } from './docker-checks.ts';
import { entryOf, projectMapping, reading } from './tree.ts';

export const checkEnvironment: Check = async (document, workspace) => {
  const { environment, sparkJob } = reading(document).value;
  if (sparkJob !== undefined || projectMapping(document) === undefined) return [];
  if (environment.kind === 'docker') return checkDocker(document);
  if (environment.kind === 'default') return [...emptyEnvironments(document), ...(await undetectedEnvironment(document, workspace))];
  return checkFile(document, workspace, environment);
};

type EnvironmentFile = Extract<ProjectEnvironment, { file: string }>;

const checkFile = async (document: Document, { files }: Workspace, { kind, file, span }: EnvironmentFile): Promise<readonly Finding[]> => {
  const path = resolvePath(folderOf(document.uri), file);
  if (path.kind !== 'inside')
    return [{ code: 'environment-outside', ...span, message: 'This file is outside the project: it is not checked, and a copy of the project lacks it.' }];
  const found = await files.kindOf(path.uri);
  if (found === 'file') return [];
  if (found === 'folder')
    return [
      {
        code: 'environment-folder',
        ...span,
        message: `'${file}' is a folder; MLflow needs the file itself.`,
        mlflow: `IsADirectoryError: [Errno 21] Is a directory: '${file}'`,
        fixes: await filesInFolder(document, files, span, path.uri, file),
      },
    ];
  const word = kind === 'python' ? 'python_env' : 'conda environment';
  return [
    {
      code: 'environment-missing',
      ...span,
      message: `There is no file '${file}' in the project.`,
      mlflow: `Project specified ${word} file ${file}, but no such file was found.`,
      fixes: await missingFileFixes(document, files, { kind, file, span }, path.uri),
    },
  ];
};

const missingFileFixes = async (document: Document, files: FileSystem, { kind, file, span }: EnvironmentFile, uri: string): Promise<readonly Fix[]> => {
  const names = (await files.list(folderOf(document.uri))).filter((entry) => entry.kind === 'file' && /\.ya?ml$/.test(entry.name)).map(({ name }) => name);
  const suggestion = nearest(file, names);
  const create: Fix = {
    title: `Create '${file}'`,
    createFile: uri,
    edits: { [uri]: [{ range: document.rangeOf({ start: 0, end: 0 }), newText: environmentTemplate[kind] }] },
  };
  return [...(suggestion === undefined ? [] : [localFix(document, `Change to '${suggestion}'`, document.edit(span, suggestion))]), create];
};

/** What may be meant by a folder. */
const filesInFolder = async (document: Document, files: FileSystem, span: Span, uri: string, folder: string): Promise<readonly Fix[]> => {
  const names = (await files.list(uri)).filter(({ kind, name }) => kind === 'file' && /\.ya?ml$/.test(name)).map(({ name }) => name);
  return names.map((name) => `${folder.replace(/\/$/, '')}/${name}`).map((path) => localFix(document, `Change to '${path}'`, document.edit(span, path)));
};

export const environmentTemplate = {
  python: 'python: "3.12"\nbuild_dependencies:\n  - pip\ndependencies:\n  - mlflow\n',
  conda: 'name: mlflow-env\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - mlflow\n',
} as const;

const emptyEnvironments = (document: Document): readonly Finding[] => {
  const project = projectMapping(document);
  return ['python_env', 'conda_env', 'docker_env'].flatMap((key) => {
    const entry = entryOf(project, key);
    if (project === undefined || entry === undefined || !isEmpty(document, entry.value)) return [];
    return [
      {
        code: 'environment-empty',
        ...spanOf(entry.key),
        message: `${key} has no value: MLflow goes on as if it were not there.`,
        fixes: [localFix(document, `Remove '${key}'`, removeEntry(document, project, entry))],
      },
    ];
  });
};

const isEmpty = (document: Document, node: Span): boolean => /^(?:~|null|""|''|\{\s*\})?$/i.test(document.text.slice(node.start, node.end));

const undetectedNames = ['conda.yml', 'environment.yml', 'environment.yaml', 'python_env.yml', 'requirements.txt', 'pyproject.toml'];

/** Files that MLflow does not find by itself, though people expect it. */
const undetectedEnvironment = async (document: Document, { files }: Workspace): Promise<readonly Finding[]> => {
  const names = (await files.list(folderOf(document.uri))).map(({ name }) => name);
  const project = projectMapping(document);
  const anchor = entryOf(project, 'entry_points')?.key ?? project?.entries[0]?.key;
  if (project === undefined || anchor === undefined) return [];
  if (names.includes('python_env.yaml') && names.includes('conda.yaml')) {
    return [
      {
        code: 'environment-ambiguous',
        ...spanOf(anchor),
        message: 'Both python_env.yaml and conda.yaml are here; MLflow takes python_env.yaml. Name one to make that clear.',
        fixes: ['python_env', 'conda_env'].map((key) => nameEnvironment(document, key, `${key.replace('_env', '') === 'conda' ? 'conda' : 'python_env'}.yaml`)),
      },
    ];
  }
  if (names.includes('python_env.yaml') || names.includes('conda.yaml')) return [];
  const found = undetectedNames.find((name) => names.includes(name));
  if (found === undefined) return [];
  return [
    {
      code: 'environment-undetected',
      ...spanOf(anchor),
      message: `MLflow does not find ${found} by itself: the project runs in an empty environment, without mlflow.`,
      fixes: undetectedFixes(document, found),
    },
  ];
};

const nameEnvironment = (document: Document, key: string, file: string): Fix => {
  const project = projectMapping(document);
  return localFix(document, `Add \`${key}: ${file}\``, ...(project === undefined ? [] : [insertEntry(document, project, key, file, 'first')]));
};

const undetectedFixes = (document: Document, name: string): readonly Fix[] => {
  if (/^(?:conda|environment)\./.test(name)) return [nameEnvironment(document, 'conda_env', name)];
  if (name === 'python_env.yml') return [nameEnvironment(document, 'python_env', name)];
  const uri = `${folderOf(document.uri)}/python_env.yaml`;
  const requirement = name === 'requirements.txt' ? '-r requirements.txt' : '.';
  const text = `python: "3.12"\nbuild_dependencies:\n  - pip\ndependencies:\n  - ${requirement}\n`;
  return [
    {
      title: `Create ${nameOf(uri)} with \`${requirement}\``,
      createFile: uri,
      edits: { [uri]: [{ range: document.rangeOf({ start: 0, end: 0 }), newText: text }] },
    },
  ];
};
