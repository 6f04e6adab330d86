import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

import { readCondaEnv } from '../../schemas/conda-env.ts';
import { readPythonEnv, type PythonEnv } from '../../schemas/python-env.ts';
import { volumeSource } from './docker-command.ts';
import { expandRequirements } from './requirements.ts';
import type { DockerPlan, EnvironmentPlan, VirtualPlan } from './run-folder.ts';

/**
 * What a project's environment takes that is neither its own nor of the package index that is usual here: folders outside
 * of the project, other indexes, code from addresses. Each is a line for people, as the project's file says it.
 */
export const unusualMeans = async (plan: EnvironmentPlan, directory: string): Promise<readonly string[]> => {
  switch (plan.manager) {
    case 'local':
      return [];
    case 'docker':
      return volumesOutside(plan, directory);
    case 'conda':
      return await unusualRequirements({ kind: 'conda', file: plan.file }, directory);
    case 'virtualenv':
    case 'uv':
      return await unusualRequirements(plan.source, directory);
    default:
      return plan satisfies never;
  }
};

/** What is wrong with a file is told by whoever makes the environment. */
const unusualRequirements = async (source: VirtualPlan['source'], directory: string): Promise<readonly string[]> => {
  if (source.file === undefined) return [];
  const { buildDependencies, dependencies } = await readEnvironment(source.kind, source.file);
  const lines = [...buildDependencies, ...dependencies].map(({ text }) => text);
  const isInside = (path: string): boolean => !isOutside(path, directory);
  const expanded = await expandRequirements(lines, directory, isInside).catch(() => []);
  return expanded.map(({ text }) => text).filter((line) => isUnusual(line) || isPackageOutside(line, directory));
};

const readEnvironment = async (kind: VirtualPlan['source']['kind'], file: string): Promise<PythonEnv> => {
  const text = await readFile(file, 'utf8');
  return kind === 'conda' ? readCondaEnv(text).value.environment : readPythonEnv(text).value;
};

/** A package's folder or archive is named by its path, which begins with a dot or a slash. */
const isPackageOutside = (line: string, directory: string): boolean => /^\s*[./\\~]/.test(line) && isOutside(resolve(directory, line.trim()), directory);

/** An option of pip (a file of requirements that was not read is one), or an address (of a repository, an archive, a file) in the place of a version. */
const isUnusual = (line: string): boolean => /^\s*-|:\/\/|\s@\s|^\s*git\+/.test(line);

const volumesOutside = ({ volumes }: DockerPlan, directory: string): readonly string[] =>
  volumes.filter((volume) => {
    const source = volumeSource(volume, directory);
    return isAbsolute(source) && isOutside(source, directory);
  });

const isOutside = (path: string, directory: string): boolean => {
  const inside = relative(directory, path);
  return inside.startsWith('..') || isAbsolute(inside);
};
