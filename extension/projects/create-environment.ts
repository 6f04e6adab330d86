import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { run, type Command } from '../shared/process.ts';
import type { PythonEnvironment } from './python-environment.ts';
import { findProgram } from '../shared/interpreter.ts';
import { quoteForBash } from '../shared/shell-quote.ts';
import { ensureWhole } from './whole-environment.ts';

export interface EnvironmentTools {
  readonly variables: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
  /** Runs a program whose output belongs to the run; rejects when it fails. */
  readonly execute: (command: Command) => Promise<void>;
}

export interface EnvironmentRequest {
  readonly manager: 'virtualenv' | 'uv';
  readonly environment: PythonEnvironment;
  /** Where it is made, or is already. */
  readonly folder: string;
  /** Requirement files are found from here. */
  readonly projectDirectory: string;
}

/** Makes a virtual environment unless it is there, with the commands that MLflow uses. Rejects with the reason. */
export const ensureEnvironment = async (request: EnvironmentRequest, tools: EnvironmentTools): Promise<void> => {
  const { folder } = request;
  const exists = async (): Promise<boolean> => existsSync(folder);
  const remove = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
  await ensureWhole({ base: folder, name: folder, exists, remove, create: async () => await create(request, tools) }, tools);
};

const create = async (request: EnvironmentRequest, tools: EnvironmentTools): Promise<void> => {
  const { manager, environment, folder, projectDirectory } = request;
  tools.say(`=== Creating the environment ${folder} with Python ${environment.python} ===`);
  const [file, ...args] = manager === 'uv' ? uvCommand(request, tools) : await venvCommand(request, tools);
  await tools.execute({ file, args, env: tools.variables });
  if (manager === 'uv' && existsSync(join(projectDirectory, 'uv.lock'))) return await syncWithUv(request, tools);
  for (const lines of [environment.buildDependencies, environment.dependencies]) {
    if (lines.length > 0) await install(lines, request, tools);
  }
};

const uvCommand = ({ environment, folder }: EnvironmentRequest, { variables }: EnvironmentTools): readonly [string, ...string[]] => {
  if (findProgram('uv', variables) === undefined) throw missing('uv', 'https://docs.astral.sh/uv/', variables);
  return ['uv', 'venv', folder, `--python=${environment.python}`];
};

const venvCommand = async ({ environment, folder }: EnvironmentRequest, tools: EnvironmentTools): Promise<readonly [string, ...string[]]> => {
  const pyenv = findProgram('pyenv', tools.variables);
  if (pyenv === undefined) throw missing('pyenv', 'https://github.com/pyenv/pyenv#installation', tools.variables);
  const ask = async (...args: readonly string[]): Promise<string> => await outputOf({ file: pyenv, args, env: tools.variables }, tools.stop);
  const isExact = /^\d+\.\d+\.\d+$/.test(environment.python);
  const version = isExact ? environment.python : newestOf(await ask('install', '--list'), environment.python, pyenv);
  await tools.execute({ file: pyenv, args: ['install', '--skip-existing', version], env: tools.variables });
  return [join(await ask('root'), 'versions', version, 'bin', 'python'), '-m', 'venv', folder];
};

/** `3.1` also begins 3.10 and 3.13: as in MLflow. */
const newestOf = (list: string, prefix: string, pyenv: string): string => {
  const all = list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^\d+\.\d+\.\d+$/.test(line))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const newest = all.find((version) => version.startsWith(prefix));
  if (newest !== undefined) return newest;
  const known = all.length === 0 ? 'none' : all.slice(0, 3).join(', ');
  throw new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Could not find python version that matches ${prefix}. '${pyenv} install --list' knows ${known}: change \`python\` in the environment file, update pyenv, or choose another environment manager.`,
  );
};

/** In a folder of links to what the project holds, so that a requirement file is found where the project means it. */
const install = async (lines: readonly string[], { manager, folder, projectDirectory }: EnvironmentRequest, tools: EnvironmentTools): Promise<void> => {
  const place = await mkdtemp(join(tmpdir(), 'mlflow-requirements-'));
  try {
    for (const name of await readdir(projectDirectory)) await symlink(join(projectDirectory, name), join(place, name));
    const file = `requirements.${randomBytes(16).toString('hex')}.txt`;
    await writeFile(join(place, file), lines.join('\n'));
    const installer = manager === 'uv' ? 'uv pip install' : 'python -m pip install';
    await tools.execute({ file: 'bash', args: ['-c', `${activation(folder)} && ${installer} -r ${file}`], cwd: place, env: tools.variables });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
};

const syncWithUv = async ({ folder, projectDirectory, environment }: EnvironmentRequest, tools: EnvironmentTools): Promise<void> => {
  const has = (name: string): boolean => existsSync(join(projectDirectory, name));
  for (const name of ['uv.lock', 'pyproject.toml', '.python-version'].filter(has)) await copyFile(join(projectDirectory, name), join(folder, name));
  if (!has('pyproject.toml')) await writeFile(join(folder, 'pyproject.toml'), minimalProject(environment.python));
  await tools.execute({ file: 'uv', args: ['sync', '--frozen', '--no-dev'], cwd: folder, env: { ...tools.variables, UV_PROJECT_ENVIRONMENT: folder } });
};

const minimalProject = (python: string): string =>
  `[project]\nname = "mlflow-model-env"\nversion = "0.0.0"\nrequires-python = "==${python}"\ndependencies = []\n`;

/** The shell words that make an environment's Python the first on PATH. */
export const activation = (folder: string): string => `source ${quoteForBash(join(folder, 'bin', 'activate'))}`;

const outputOf = async (command: Command, signal: AbortSignal): Promise<string> => {
  const { code, stdout, stderr } = await run(command, { signal });
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `'${command.file} ${command.args.join(' ')}' failed: ${stderr.trim()}`);
  return stdout.trim();
};

const missing = (program: string, address: string, variables: Readonly<Record<string, string>>): MlflowError =>
  new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Could not find the ${program} binary. See ${address} for installation instructions, or choose another environment manager. It was looked for on PATH: ${variables['PATH'] ?? ''}`,
  );
