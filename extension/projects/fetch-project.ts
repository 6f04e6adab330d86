import { relative } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import type { GitTools } from './git.ts';
import { fetchGitProject, type FetchedProject } from './git-project.ts';
import { readProjectAddress } from './project-address.ts';
import { localSource } from './source-version.ts';

export interface ProjectPlace {
  /** A folder or a git address, with `#subfolder` if need be. */
  readonly uri: string;
  readonly version?: string;
}

export interface FetchOptions {
  /** Relative folders begin here. */
  readonly from: string;
  /** Clones go below it. */
  readonly cloneRoot: string;
  readonly tools: GitTools;
}

/** A folder stays where it is; what git has is cloned. */
export const fetchProject = async ({ uri, version }: ProjectPlace, { from, cloneRoot, tools }: FetchOptions): Promise<FetchedProject> => {
  const address = readProjectAddress(uri, from);
  if (address.kind === 'git') return await fetchGitProject({ ...address, name: uri, ...(version !== undefined && { version }) }, cloneRoot, tools);
  const { directory } = address;
  const source = await localSource(directory);
  const named = uri.includes('#') ? { ...source, name: uri } : source;
  if (version === undefined) return { directory, source: named };
  // MLflow would check the version out in the user's own work tree.
  const worktree = source.version?.worktree;
  if (worktree === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', 'Setting a version is only supported for Git project URIs');
  return await fetchGitProject({ url: worktree, below: relative(worktree, directory), version, name: named.name }, cloneRoot, tools);
};
