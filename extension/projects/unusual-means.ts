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
  const outside = lines.filter((line) => isFileOutside(line, directory));
  const within = lines.filter((line) => !outside.includes(line));
  const expanded = await expandRequirements(within, directory).catch(() => []);
  return [...outside, ...expanded.map(({ text }) => text).filter(isUnusual)];
};

const readEnvironment = async (kind: VirtualPlan['source']['kind'], file: string): Promise<PythonEnv> => {
  const text = await readFile(file, 'utf8');
  return kind === 'conda' ? readCondaEnv(text).value.environment : readPythonEnv(text).value;
};

const isFileOutside = (line: string, directory: string): boolean => {
  const [, name] = /^(?:-r|--requirement|-c|--constraint)[ =]*(.*)$/.exec(line.trim()) ?? [];
  return name !== undefined && isOutside(resolve(directory, name), directory);
};

/** An option of pip, or an address (of a repository, an archive, a file) in the place of a version. */
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
