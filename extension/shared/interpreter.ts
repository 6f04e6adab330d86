import { accessSync, constants, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

import { errorMessage } from './errors.ts';
import { run } from './process.ts';

/** Where an interpreter was found; the first of these that has one decides. */
export type InterpreterOrigin = SelectedOrigin | 'setting' | 'folder' | 'path';

/** Extensions in which a person selects the Python of a folder. */
export type SelectedOrigin = 'python-environments' | 'python-extension';

export interface Interpreter {
  /** Absolute. */
  readonly path: string;
  readonly origin: InterpreterOrigin;
  /** What `mlflow.pythonPath` says, where an extension's choice comes before it and is another. */
  readonly passedOver?: string;
}

export interface SelectedInterpreter {
  readonly path: string;
  readonly origin: SelectedOrigin;
}

export interface InterpreterSearch {
  /** The folder of the project. */
  readonly directory: string;
  /** Virtual environments are looked for from the project's folder up to this one. */
  readonly workspaceFolder: string;
  /** `mlflow.pythonPath`: a path or the name of a program on PATH; empty when unset. */
  readonly setting: string;
  /** What an extension has selected for the project's folder. */
  readonly selected?: SelectedInterpreter;
  readonly environment: Readonly<Record<string, string>>;
}

/** Undefined when there is none at all. What is set or selected counts even when it does not exist: it was chosen. */
export const findInterpreter = (search: InterpreterSearch): Interpreter | undefined => {
  const { setting, selected } = search;
  const set = setting === '' ? undefined : expandSetting(setting, search);
  if (selected !== undefined) return { ...selected, ...(set === undefined || set === selected.path ? {} : { passedOver: setting }) };
  if (set !== undefined) return { path: set, origin: 'setting' };
  const inFolder = foldersUp(search.directory, search.workspaceFolder).flatMap(environmentPythons).find(isExecutable);
  if (inFolder !== undefined) return { path: inFolder, origin: 'folder' };
  // Commands say `python`, so that is what MLflow itself would run.
  const onPath = findProgram('python', search.environment) ?? findProgram('python3', search.environment);
  return onPath === undefined ? undefined : { path: onPath, origin: 'path' };
};

/** All that are there, without doubles, for a person to choose from. */
export const listInterpreters = ({ directory, workspaceFolder, environment }: InterpreterSearch): readonly string[] => {
  const inFolders = foldersUp(directory, workspaceFolder).flatMap(environmentPythons).filter(isExecutable);
  const onPath = ['python', 'python3'].map((name) => findProgram(name, environment)).filter((path) => path !== undefined);
  return [...new Set([...inFolders, ...onPath])];
};

const expandSetting = (setting: string, { workspaceFolder, environment }: InterpreterSearch): string => {
  const path = setting.replaceAll('${workspaceFolder}', workspaceFolder).replace(/^~(?=$|[\\/])/, homedir());
  if (!/[\\/]/.test(path)) return findProgram(path, environment) ?? path;
  return isAbsolute(path) ? path : resolve(workspaceFolder, path);
};

const foldersUp = (from: string, to: string): readonly string[] => {
  const parent = dirname(from);
  return from === to || parent === from ? [from] : [from, ...foldersUp(parent, to)];
};

const isWindows = process.platform === 'win32';

const environmentPythons = (folder: string): readonly string[] =>
  ['.venv', 'venv'].map((name) => (isWindows ? join(folder, name, 'Scripts', 'python.exe') : join(folder, name, 'bin', 'python')));

/** Absolute path of a program on PATH. */
export const findProgram = (name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined => {
  const path = Object.entries(environment).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  const names = isWindows ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name];
  const folders = path.split(delimiter).filter(isAbsolute);
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

export type InterpreterCheck =
  | { readonly kind: 'ready'; readonly python: string; readonly mlflow: string }
  | { readonly kind: 'no-mlflow'; readonly python: string }
  /** It does not run; `reason` says why. */
  | { readonly kind: 'broken'; readonly reason: string };

/** Looks for mlflow without importing it, which takes seconds; mlflow-skinny brings the same module. */
const script = `
import importlib.metadata as metadata, importlib.util, platform
def version(name):
    try: return metadata.version(name)
    except metadata.PackageNotFoundError: return ""
found = importlib.util.find_spec("mlflow") is not None
print(platform.python_version())
print((version("mlflow") or version("mlflow-skinny") or "unknown") if found else "")
`;

/** ms; an interpreter on a cold network disk is slow. */
const checkTimeout = 60_000;

export const checkInterpreter = async (path: string, signal?: AbortSignal): Promise<InterpreterCheck> => {
  try {
    const { code, stdout, stderr } = await run({ file: path, args: ['-c', script], cwd: tmpdir() }, { timeout: checkTimeout, ...(signal && { signal }) });
    if (code !== 0) return { kind: 'broken', reason: lastLine(stderr) };
    const [python = '', mlflow = ''] = stdout.split(/\r?\n/);
    return mlflow === '' ? { kind: 'no-mlflow', python } : { kind: 'ready', python, mlflow };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'broken', reason: errorMessage(error) };
  }
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
