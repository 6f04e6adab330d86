import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { run } from '../shared/process.ts';
import type { EnvironmentTools } from './create-environment.ts';
import { environmentRoot } from './environment-folder.ts';
import { findProgram } from '../shared/interpreter.ts';
import { quoteForBash } from '../shared/shell-quote.ts';
import { ensureWhole } from './whole-environment.ts';

interface CondaPrograms {
  /** Lists and removes environments. */
  readonly conda: string;
  /** Makes them. */
  readonly creator: string;
  readonly activation: (name: string) => string;
}

/** The conda environment of a file, made unless it is there, by MLflow's name and commands; resolves with the words that activate it. */
export const ensureCondaEnvironment = async (file: string, tools: EnvironmentTools): Promise<string> => {
  const programs = findCondaPrograms(tools.variables);
  const name = await condaName(file);
  const { conda, creator } = programs;
  const execute = async (program: string, ...args: readonly string[]): Promise<void> => await tools.execute({ file: program, args, env: tools.variables });
  const exists = async (): Promise<boolean> => (await listEnvironments(conda, tools)).includes(name);
  await ensureWhole(
    {
      base: join(environmentRoot(tools.variables), `${name}.conda`),
      name,
      exists,
      create: async () => await execute(creator, 'env', 'create', '-n', name, '--file', file),
      remove: async () => {
        if (await exists()) await execute(conda, 'remove', '--yes', '--name', name, '--all');
      },
    },
    tools,
  );
  return programs.activation(name);
};

/** By the file's text, whatever its line ends: as Python reads it. */
const condaName = async (file: string): Promise<string> => {
  const text = (await readFile(file, 'utf8')).replaceAll(/\r\n?/g, '\n');
  return `mlflow-${createHash('sha1').update(text).digest('hex')}`;
};

/** conda where MLflow looks for it; where there is none, mamba or micromamba, which know the same commands. */
const findCondaPrograms = (variables: EnvironmentTools['variables']): CondaPrograms => {
  const home = variables['MLFLOW_CONDA_HOME'];
  const executable = variables['CONDA_EXE'];
  const folder = home !== undefined ? join(home, 'bin') : executable === undefined ? undefined : dirname(executable);
  const creatorName = variables['MLFLOW_CONDA_CREATE_ENV_CMD'] ?? 'conda';
  if (folder !== undefined) {
    return { conda: requireProgram('conda', folder), creator: requireProgram(creatorName, folder), activation: (name) => activationIn(folder, name) };
  }
  const conda = findProgram('conda', variables);
  if (conda !== undefined) return { conda, creator: findProgram(creatorName, variables) ?? creatorName, activation: (name) => `source activate ${name} 1>&2` };
  const other = findProgram('mamba', variables) ?? findProgram('micromamba', variables);
  if (other === undefined) throw noConda('conda');
  return { conda: other, creator: other, activation: (name) => activationBy(other, name) };
};

const requireProgram = (name: string, folder: string): string => {
  const found = findProgram(name, { PATH: folder });
  if (found === undefined) throw noConda(join(folder, name));
  return found;
};

const activationIn = (folder: string, name: string): string => `source ${quoteForBash(`${folder}/../etc/profile.d/conda.sh`)} && conda activate ${name} 1>&2`;

const activationBy = (program: string, name: string): string => {
  const hook = `${quoteForBash(program)} shell hook --shell bash`;
  return `eval "$(${hook})" && ${basename(program)} activate ${name} 1>&2`;
};

/** MLflow takes the last part of each path for its name. */
const listEnvironments = async (conda: string, { variables, stop }: EnvironmentTools): Promise<readonly string[]> => {
  const { code, stdout, stderr } = await run({ file: conda, args: ['env', 'list', '--json'], env: variables }, { signal: stop });
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `'${conda} env list --json' failed: ${stderr.trim()}`);
  const { envs = [] } = JSON.parse(stdout) as { readonly envs?: readonly string[] };
  return envs.map((path) => basename(path));
};

const noConda = (place: string): MlflowError =>
  new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Could not find Conda executable at ${place}, and neither mamba nor micromamba on PATH. Ensure Conda is installed as per the instructions at https://conda.io/projects/conda/en/latest/user-guide/install/index.html, or set MLFLOW_CONDA_HOME to its folder.`,
  );
