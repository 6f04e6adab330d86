import { readFile } from 'node:fs/promises';

import { readCondaEnv as readCondaText } from '../../schemas/conda-env.ts';
import type { Problem } from '../../schemas/problem.ts';
import { readPythonEnv as readPythonText, type PythonEnv } from '../../schemas/python-env.ts';
import { MlflowError } from '../shared/errors.ts';

/** What a virtual environment is made of. */
export interface PythonEnvironment {
  /** `x.y.z`, or the beginning of it. */
  readonly python: string;
  /** Requirement lines that are installed first. */
  readonly buildDependencies: readonly string[];
  readonly dependencies: readonly string[];
}

/** Throws INVALID_PARAMETER_VALUE for what MLflow refuses. `current` stands in for a version that the file does not name. */
export const readPythonEnv = async (file: string, current: string): Promise<PythonEnvironment> => {
  const { value, problems } = readPythonText(await readFile(file, 'utf8'));
  refuse(file, problems);
  return environmentOf(value, current);
};

/** What MLflow takes from a conda file for a virtual environment; the dependencies that only conda can install are handed back. */
export const readCondaEnv = async (
  file: string,
  current: string,
): Promise<{ readonly environment: PythonEnvironment; readonly leftOut: readonly string[] }> => {
  const { value, problems } = readCondaText(await readFile(file, 'utf8'));
  refuse(file, problems);
  return { environment: environmentOf(value.environment, current), leftOut: value.leftOut.map(({ text }) => text) };
};

const environmentOf = ({ python, buildDependencies, dependencies }: PythonEnv, current: string): PythonEnvironment => ({
  python: python ?? current,
  buildDependencies: buildDependencies.map(({ text }) => text),
  dependencies: dependencies.map(({ text }) => text),
});

/** MLflow stops at the first problem. */
const refuse = (file: string, [problem]: readonly Problem[]): void => {
  if (problem !== undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `${file} cannot be used: ${problem.message} (${problem.mlflow})`);
};
