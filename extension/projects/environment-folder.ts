import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { pythonList, pythonRepr } from '../shared/python-text.ts';
import type { PythonEnvironment } from './python-environment.ts';
import { expandRequirements, type Requirement } from './requirements.ts';

/** Where MLflow keeps the environment of these contents: both of us find what the other has made. */
export const environmentFolder = async (
  environment: PythonEnvironment,
  projectDirectory: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> => {
  const requirements = await expandRequirements(environment.dependencies, projectDirectory);
  return join(environmentRoot(variables), `mlflow-${sha1(contentsText(environment, requirements))}`);
};

export const environmentRoot = (variables: Readonly<Record<string, string | undefined>>): string =>
  variables['MLFLOW_ENV_ROOT'] ?? join(homedir(), '.mlflow', 'envs');

/** `str(python_env) + "".join(map(str, sorted(requirements)))`, letter by letter. */
const contentsText = ({ python, buildDependencies, dependencies }: PythonEnvironment, requirements: readonly Requirement[]): string => {
  const fields = `{'python': ${pythonRepr(python)}, 'build_dependencies': ${pythonList(buildDependencies)}, 'dependencies': ${pythonList(dependencies)}}`;
  return fields + requirements.toSorted(byText).map(requirementText).join('');
};

const byText = (a: Requirement, b: Requirement): number => {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1;
  return Number(a.isConstraint) - Number(b.isConstraint);
};

const requirementText = ({ text, isConstraint }: Requirement): string =>
  `_Requirement(req_str=${pythonRepr(text)}, is_constraint=${isConstraint ? 'True' : 'False'})`;

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
