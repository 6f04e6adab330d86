import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';

import { readMlproject, type DockerVariable, type Mlproject, type MlprojectProblem } from '../../schemas/mlproject.ts';
import { MlflowError } from '../shared/errors.ts';
import { pythonList } from '../shared/python-text.ts';
import type { EntryPoint } from './entry-point.ts';
import { quoteForShell } from '../shared/shell-quote.ts';

/** Where an entry point's program comes from; files are absolute. */
export type ProjectEnvironment =
  | { readonly kind: 'python'; readonly file?: string }
  | { readonly kind: 'conda'; readonly file: string }
  | { readonly kind: 'docker'; readonly image: string; readonly volumes: readonly string[]; readonly variables: readonly DockerVariable[] }
  /** A Databricks Spark job has none of its own. */
  | { readonly kind: 'none' };

export interface Project {
  /** Absolute; commands run here. */
  readonly directory: string;
  /** Absolute; a folder without an MLproject file is a project of scripts. */
  readonly file?: string;
  readonly name?: string;
  readonly environment: ProjectEnvironment;
  readonly entryPoints: readonly EntryPoint[];
}

/** MLflow takes any letter case, but no ending. */
export const isProjectFileName = (name: string): boolean => name.toLowerCase() === 'mlproject';

export const findProjectFile = async (directory: string): Promise<string | undefined> => {
  const name = (await readdir(directory)).find(isProjectFileName);
  return name === undefined ? undefined : join(directory, name);
};

/** Throws INVALID_PARAMETER_VALUE for what MLflow's `load_project` refuses. */
export const loadProject = async (directory: string): Promise<Project> => {
  const file = await findProjectFile(directory);
  if (file === undefined) return { directory, environment: defaultEnvironment(directory), entryPoints: [] };
  const text = await readFile(file, 'utf8');
  const { value, problems } = readMlproject(text);
  const [problem] = problems;
  if (problem !== undefined) throw unreadable(file, text, problem);
  return {
    directory,
    file,
    ...(value.name === undefined ? {} : { name: value.name }),
    environment: environmentOf(value, directory),
    entryPoints: value.entryPoints,
  };
};

const unreadable = (file: string, text: string, problem: MlprojectProblem): MlflowError => {
  const line = text.slice(0, problem.start).split('\n').length;
  return new MlflowError('INVALID_PARAMETER_VALUE', `${basename(file)}, line ${line}: ${problem.message}`);
};

const environmentOf = ({ environment, sparkJob }: Mlproject, directory: string): ProjectEnvironment => {
  if (sparkJob !== undefined) return { kind: 'none' };
  switch (environment.kind) {
    case 'docker':
      return environment;
    case 'default':
      return defaultEnvironment(directory);
    case 'python':
      return { kind: 'python', file: existingFile(directory, environment.file, 'python_env') };
    case 'conda':
      return { kind: 'conda', file: existingFile(directory, environment.file, 'conda environment') };
    default:
      return environment satisfies never;
  }
};

const existingFile = (directory: string, name: string, what: string): string => {
  const file = resolve(directory, name);
  if (existsSync(file)) return file;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Project specified ${what} file ${file}, but no such file was found.`);
};

const defaultEnvironment = (directory: string): ProjectEnvironment => {
  const pythonFile = join(directory, 'python_env.yaml');
  if (existsSync(pythonFile)) return { kind: 'python', file: pythonFile };
  const condaFile = join(directory, 'conda.yaml');
  return existsSync(condaFile) ? { kind: 'conda', file: condaFile } : { kind: 'python' };
};

export interface Shell {
  readonly platform: NodeJS.Platform;
  /** `$SHELL`, which runs `.sh` entry points. */
  readonly shell?: string;
}

/** A declared entry point, or a script that is named like one. Throws INVALID_PARAMETER_VALUE for neither. */
export const getEntryPoint = (project: Project, name: string, shell: Shell): EntryPoint => {
  const declared = project.entryPoints.find((entryPoint) => entryPoint.name === name);
  if (declared !== undefined) return declared;
  const command = scriptCommand(name, shell);
  if (command !== undefined) return { name, parameters: [], command };
  const names = pythonList(project.entryPoints.map((entryPoint) => entryPoint.name));
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Could not find ${name} among entry points ${names} or interpret ${name} as a runnable script. Supported script file extensions: ['.py', '.sh']`,
  );
};

/** Whether a file is an entry point where nothing is declared. */
export const isScriptName = (name: string): boolean => ['.py', '.sh'].includes(extname(name));

/** As a template: braces in the script's name are MLflow's to read as placeholders, as it does. */
const scriptCommand = (name: string, { platform, shell }: Shell): string | undefined => {
  const quoted = quoteForShell(name, platform);
  switch (extname(name)) {
    case '.py':
      return `python ${quoted}`;
    case '.sh':
      return `${shell ?? 'bash'} ${quoted}`;
    case '.R':
      return `Rscript -e "mlflow::mlflow_source('${quoted}')" --args`;
    default:
      return undefined;
  }
};
